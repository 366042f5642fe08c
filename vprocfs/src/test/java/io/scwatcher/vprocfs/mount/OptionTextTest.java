package io.scwatcher.vprocfs.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.vprocfs.ProcText;
import org.junit.jupiter.api.Test;

class OptionTextTest {
    @Test
    void escapesWhatSeparatesOptions() {
        ProcText out = new ProcText();
        OptionText.option("lowerdir+", "/a,b=c d", out);
        OptionText.option("name", null, out);
        assertThat(out.toString()).isEqualTo(",lowerdir+=/a\\054b=c\\040d,name");
    }

    @Test
    void printsModesOnlyWhereUnusual() {
        ProcText out = new ProcText();
        OptionText.mode(0755, 0755, out);
        OptionText.mode(0700, 0755, out);
        OptionText.octal3(07, out);
        assertThat(out.toString()).isEqualTo(",mode=700007");
    }
}
