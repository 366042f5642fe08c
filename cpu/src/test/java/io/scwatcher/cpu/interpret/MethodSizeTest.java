package io.scwatcher.cpu.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Cpu;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MethodSizeTest {
    /** HotSpot never compiles a longer method (HugeMethodLimit). */
    private static final int LIMIT = 8000;

    @Test
    void keepsEveryMethodCompilable() throws IOException, URISyntaxException {
        URI classes = Cpu.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        int methods = 0;
        try (Stream<Path> files = Files.walk(Path.of(classes))) {
            List<Path> classFiles = files.filter(f -> f.toString().endsWith(".class")).toList();
            for (Path file : classFiles) {
                ClassModel model = ClassFile.of().parse(file);
                for (MethodModel method : model.methods()) {
                    int length = method.code().map(code -> code.elementStream().filter(Instruction.class::isInstance)
                            .mapToInt(i -> ((Instruction) i).sizeInBytes()).sum()).orElse(0);
                    boolean once = method.methodName().equalsString("<clinit>");
                    assertThat(once ? 0 : length).as(model.thisClass().asInternalName() + "." + method.methodName()).isLessThan(LIMIT);
                    methods++;
                }
            }
        }
        assertThat(methods).isGreaterThan(100);
    }
}
