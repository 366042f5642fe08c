package io.scwatcher.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.vfs.Directory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private final List<ProcNode> nodes = new ArrayList<>();

    private void directory(String path, int error) {
        nodes.add(new ProcNode(ProcNode.Kind.DIRECTORY, path, 0040555, 0, 0, 2, error, 0, new byte[0]));
    }

    private void node(ProcNode.Kind kind, String path, int mode, int error, String text) {
        nodes.add(new ProcNode(kind, path, mode, 7, 8, 1, error, 9, text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void isTheTreeWithItsFailures() {
        directory("", 0);
        node(ProcNode.Kind.REGULAR, "text", 0100444, 0, "a\nb\n");
        node(ProcNode.Kind.REGULAR, "secret", 0100400, 13, "");
        node(ProcNode.Kind.LINK, "link", 0120777, 0, "there");
        node(ProcNode.Kind.LINK, "broken", 0120777, 2, "");
        directory("closed", 13);
        directory("open", 0);
        node(ProcNode.Kind.REGULAR, "open/file", 0100444, 0, "x".repeat(200_000));
        ProcArchive archive = ProcArchive.of(1, nodes);
        Snapshot.Taken taken = Snapshot.take(ArchiveTree.root(archive), path -> true, path -> true);
        assertThat(taken.nodes()).isEqualTo(7);
        Scoreboard scoreboard = Comparison.compare(archive, archive, taken.root(), List.of());
        assertThat(scoreboard.total().good()).as(new ScoreboardText(scoreboard).differing(5)).isEqualTo(8);
        assertThat(scoreboard.total().of(Verdict.INVENTED)).isZero();
    }

    @Test
    void entersEachNetworkNamespaceOnce() {
        directory("", 0);
        for (String task : List.of("1", "1/task/1", "1/task/2", "5")) {
            if (task.equals("1/task/1")) {
                directory("1/task", 0);
            }
            directory(task, 0);
            directory(task + "/ns", 0);
            node(ProcNode.Kind.LINK, task + "/ns/net", 0120777, 0, task.equals("1/task/2") ? "net:[2]" : "net:[1]");
            directory(task + "/net", 0);
            node(ProcNode.Kind.REGULAR, task + "/net/tcp", 0100444, 0, "");
        }
        Directory root = Snapshot.take(ArchiveTree.root(ProcArchive.of(9, nodes)), path -> true, path -> true).root();
        assertThat(isEntered(root, "1/net")).isTrue();
        assertThat(isEntered(root, "1/task/1/net")).isFalse();
        assertThat(isEntered(root, "1/task/2/net")).isTrue();
        assertThat(isEntered(root, "5/net")).isFalse();
    }

    private static boolean isEntered(Directory root, String path) {
        Directory directory = root;
        for (String name : path.split("/")) {
            directory = (Directory) directory.lookup(name);
        }
        return directory.lookup("tcp") != null;
    }
}
