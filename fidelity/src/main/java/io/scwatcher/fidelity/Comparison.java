package io.scwatcher.fidelity;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SpecialFile;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Compares a proc tree of ours with the guest's own, read by the guest before and after ours was taken. Compared are the
 * entries of each directory and their order, type, mode, owner, link count and size of each node, the text of links,
 * the content of files, and the error number where one of these cannot be had.
 */
public final class Comparison {
    private final ProcArchive before;
    private final ProcArchive after;
    private final Predicate<String> wanted;
    private final List<NodeResult> results = new ArrayList<>();
    private int transients;

    private Comparison(ProcArchive before, ProcArchive after, Predicate<String> wanted) {
        this.before = before;
        this.after = after;
        this.wanted = wanted;
    }

    /**
     * Compares.
     *
     * @param root our /proc
     * @param globs the paths below /proc to compare; empty for all
     */
    public static Scoreboard compare(ProcArchive before, ProcArchive after, Directory root, List<String> globs) {
        Comparison comparison = new Comparison(before, after, new Globs(globs).selected());
        comparison.node(before.node(""), after.node(""), root, true);
        return new Scoreboard(comparison.results, comparison.transients);
    }

    private void directory(String path, Directory ours) {
        Map<String, ProcNode> first = before.children(path);
        Map<String, ProcNode> second = after.children(path);
        Set<String> served = served(path, ours);
        Set<String> names = new LinkedHashSet<>(first.keySet());
        names.addAll(second.keySet());
        for (String name : names) {
            String child = path.isEmpty() ? name : path + "/" + name;
            if (ReaderRules.isReader(child, before.readerPid())) {
                continue;
            }
            if (!first.containsKey(name) || !second.containsKey(name)) {
                // It came or went between the readings, and may or may not be there in ours.
                transients++;
                continue;
            }
            Node node = ours == null ? null : ProcReading.lookup(ours, name);
            node(first.get(name), second.get(name), node, ours == null || served == null || served.contains(name));
        }
        if (served != null) {
            for (String name : served) {
                String child = path.isEmpty() ? name : path + "/" + name;
                if (!names.contains(name) && wanted.test(child)
                        && !ReaderRules.isReader(child, before.readerPid())) {
                    results.add(NodeResult.missing(child, Verdict.INVENTED));
                }
            }
        }
    }

    /** The names that our directory lists; null if it cannot be listed, which is reported where it is compared. */
    private static Set<String> served(String path, Directory ours) {
        if (ours == null) {
            return null;
        }
        try {
            return names(ours);
        } catch (RuntimeException failure) {
            return null;
        }
    }

    private static Set<String> names(Directory directory) {
        Set<String> names = new LinkedHashSet<>();
        for (Directory.Entry entry : directory.list()) {
            names.add(entry.name());
        }
        return names;
    }

    private void node(ProcNode first, ProcNode second, Node ours, boolean listed) {
        String path = first.path();
        boolean isDirectory = first.kind() == ProcNode.Kind.DIRECTORY || second.kind() == ProcNode.Kind.DIRECTORY;
        if (wanted.test(path)) {
            if (ours == null) {
                results.add(NodeResult.missing(path, Verdict.NOT_SERVED));
            } else {
                compare(first, second, ours, listed);
            }
        }
        if (isDirectory) {
            directory(path, ours instanceof Directory directory ? directory : null);
        }
    }

    private void compare(ProcNode first, ProcNode second, Node ours, boolean listed) {
        List<String> attributes = new ArrayList<>();
        List<LineDifference> lines = new ArrayList<>();
        if (!listed) {
            attributes.add("is found by name, but its directory does not list it");
        }
        boolean moved = false;
        try {
            attributes(first, second, ours, attributes);
            ProcReading reading = switch (ours) {
                case RegularFile file when isRead(first) && isRead(second) -> ProcReading.read(file);
                case SymbolicLink link -> ProcReading.read(link);
                default -> null;
            };
            if (reading != null && isNotServed(first, reading)) {
                results.add(NodeResult.missing(first.path(), Verdict.NOT_SERVED));
                return;
            }
            if (reading != null) {
                moved = text(first, second, reading, attributes, lines);
            } else if (ours instanceof Directory directory) {
                moved = directory(first, second, directory, attributes);
            }
        } catch (VfsException failure) {
            attributes.add("ours fails with " + failure.errno());
        } catch (RuntimeException | StackOverflowError crash) {
            attributes.add("ours crashes with " + crash + at(crash));
        }
        results.add(NodeResult.of(first.path(), moved, attributes, lines));
    }

    /** Our way to say that a file is known and its content is not served. */
    private static boolean isNotServed(ProcNode first, ProcReading ours) {
        return ours.error() == Errno.EOPNOTSUPP.number() && first.error() != ours.error();
    }

    private static String at(Throwable crash) {
        StackTraceElement[] trace = crash.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0].getFileName() + ":" + trace[0].getLineNumber();
    }

    private static void attributes(ProcNode first, ProcNode second, Node ours, List<String> wrong) {
        if (first.kind() == ProcNode.Kind.UNKNOWN || second.kind() == ProcNode.Kind.UNKNOWN) {
            return;
        }
        Attributes served = ours.attributes();
        if (served.type() != typeOf(ours) && typeOf(ours) != null) {
            wrong.add("our node is a %s and its attributes say %s".formatted(typeOf(ours), served.type()));
        }
        check("mode", Integer.toOctalString(first.mode()), Integer.toOctalString(second.mode()),
                Integer.toOctalString(served.mode()), wrong);
        check("uid", first.uid(), second.uid(), served.uid(), wrong);
        check("gid", first.gid(), second.gid(), served.gid(), wrong);
        check("links", first.links(), second.links(), served.links(), wrong);
        check("size", first.size(), second.size(), served.size(), wrong);
    }

    private static FileType typeOf(Node node) {
        return switch (node) {
            case Directory directory -> FileType.DIRECTORY;
            case RegularFile file -> FileType.REGULAR;
            case SymbolicLink link -> FileType.SYMBOLIC_LINK;
            case SpecialFile special -> null;
        };
    }

    private static void check(String what, Object first, Object second, Object ours, List<String> wrong) {
        Token served = new Token(Token.Kind.DECIMAL, ours.toString());
        Token low = new Token(Token.Kind.DECIMAL, first.toString());
        Token high = new Token(Token.Kind.DECIMAL, second.toString());
        if (!served.between(low, high)) {
            wrong.add("%s is %s, ours %s".formatted(what, first, ours));
        }
    }

    private static void checkError(String what, int first, int second, int ours, List<String> wrong) {
        if (ours != first && ours != second) {
            wrong.add("%s gives %s, ours %s".formatted(what, errno(first), errno(ours)));
        }
    }

    private static String errno(int number) {
        return number == 0 ? "no error" : Arrays.stream(Errno.values()).filter(errno -> errno.number() == number)
                .findFirst().map(Errno::name).orElse("error " + number);
    }

    /** Compares what listing gives; the entries themselves are compared each by its own. */
    private boolean directory(ProcNode first, ProcNode second, Directory ours, List<String> wrong) {
        if (first.kind() != ProcNode.Kind.DIRECTORY || second.kind() != ProcNode.Kind.DIRECTORY) {
            return false;
        }
        List<String> served;
        int error = 0;
        try {
            served = List.copyOf(names(ours));
        } catch (VfsException failure) {
            served = List.of();
            error = failure.errno().number();
        }
        checkError("listing", first.error(), second.error(), error, wrong);
        Set<String> common = new LinkedHashSet<>(before.children(first.path()).keySet());
        common.retainAll(after.children(first.path()).keySet());
        List<String> inOurs = served.stream().filter(common::contains).toList();
        List<String> inGuest = common.stream().filter(Set.copyOf(inOurs)::contains).toList();
        if (!inOurs.equals(inGuest)) {
            int i = 0;
            while (inOurs.get(i).equals(inGuest.get(i))) {
                i++;
            }
            wrong.add("order of entries: at place %d the guest has %s, ours %s".formatted(i,
                    Escaped.of(inGuest.get(i), 60), Escaped.of(inOurs.get(i), 60)));
        }
        return !before.children(first.path()).keySet().equals(after.children(first.path()).keySet());
    }

    private boolean text(ProcNode first, ProcNode second, ProcReading ours, List<String> wrong,
                                List<LineDifference> lines) {
        if (!isRead(first) || !isRead(second)) {
            return false;
        }
        if (ReaderRules.isIgnored(first.path())) {
            return false;
        }
        boolean moved = first.error() != second.error() || !Arrays.equals(first.content(), second.content());
        checkError("reading", first.error(), second.error(), ours.error(), wrong);
        boolean failed = ours.error() != 0 && ours.error() != first.error() && ours.error() != second.error();
        if (!failed && !Arrays.equals(first.content(), ours.content()) && !Arrays.equals(second.content(), ours.content())) {
            LineTolerance reader = ReaderRules.tolerance(first.path());
            LineTolerance ran = RanBetween.tolerance(first.path(), before, after);
            LineTolerance tolerance = (one, other, served) -> reader.accepts(one, other, served)
                    || ran.accepts(one, other, served);
            UnaryOperator<String> form = first.path().equals("timer_list") ? TimerLines::of : UnaryOperator.identity();
            lines.addAll(new LineMatcher(tolerance).differences(form.apply(first.text()), form.apply(second.text()),
                    form.apply(ours.text())));
        }
        return moved;
    }

    private static boolean isRead(ProcNode node) {
        return node.kind() == ProcNode.Kind.REGULAR || node.kind() == ProcNode.Kind.LINK;
    }
}
