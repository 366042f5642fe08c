package io.scwatcher.cli;

import io.scwatcher.host.Watch;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.RegularFile.OpenFile;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** {@code scwatcher cat}: files of the VM's /proc on stdout, without mounting anything. */
final class CatCommand extends Command {
    private static final int CHUNK = 1 << 16;

    private final VmOptions vm = new VmOptions(this);
    private final Supplier<Boolean> headings = flag("--headings", "Print each file's path before its content.");
    private final Supplier<List<String>> paths = operands(1, "PATH",
            "Below /proc; * and ? and [...] match within a name. self, net and mounts are those of the VM's init.");
    private final byte[] chunk = new byte[CHUNK];

    CatCommand() {
        super("cat", "Prints files of the VM's /proc. A directory prints as the list of its entries, a link as its text.", "");
        footer("", "Examples:", "  scwatcher cat --vm 4711 net/tcp", "  scwatcher cat --vm vm.elf '*/status'",
                "Quote patterns, or the shell matches them against its own files. The exit status is 1 if anything could not"
                        + " be read.");
    }

    @Override
    public Integer call() throws IOException {
        try (Watch watch = vm.open();
                OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), CHUNK)) {
            Directory root = watch.proc().root();
            boolean complete = true;
            for (String path : paths.get()) {
                List<PathPattern.Match> matches = new PathPattern(path).matches(root);
                if (matches.isEmpty()) {
                    System.err.println("scwatcher: /proc/" + path + ": no such file in the VM");
                    complete = false;
                }
                for (PathPattern.Match match : matches) {
                    complete &= print(match, out);
                }
            }
            return complete ? ExitCode.OK : 1;
        }
    }

    private boolean print(PathPattern.Match match, OutputStream out) throws IOException {
        if (headings.get()) {
            out.write(("==> /proc/" + match.path() + " <==\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        try {
            print(match.node(), out);
            return true;
        } catch (VfsException failure) {
            out.flush();
            System.err.println("scwatcher: /proc/" + match.path() + ": " + failure.errno());
            return false;
        }
    }

    private void print(Node node, OutputStream out) throws IOException {
        if (node instanceof RegularFile file) {
            copy(file, out);
        } else if (node instanceof SymbolicLink link) {
            line(link.target(), out);
        } else if (node instanceof Directory directory) {
            for (Directory.Entry entry : directory.list()) {
                line(entry.name(), out);
            }
        } else {
            line(node.attributes().type().name(), out);
        }
    }

    private void copy(RegularFile file, OutputStream out) throws IOException {
        try (OpenFile open = file.open()) {
            open.readAll(chunk, Long.MAX_VALUE, (bytes, length) -> out.write(bytes, 0, length));
        }
    }

    private static void line(String text, OutputStream out) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.write('\n');
    }
}
