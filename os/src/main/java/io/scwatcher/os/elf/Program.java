package io.scwatcher.os.elf;

import static io.scwatcher.os.abi.Errno.E2BIG;
import static io.scwatcher.os.abi.Errno.ELIBBAD;
import static io.scwatcher.os.abi.Errno.ELOOP;
import static io.scwatcher.os.abi.Errno.ENOENT;
import static io.scwatcher.os.abi.Errno.ENOEXEC;

import io.scwatcher.os.elf.ElfFile.ProgramHeader;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.syscall.SystemCallException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What execve(2) found out before it gave up the old program (struct linux_binprm): after following {@code #!} lines, an ELF file with its
 * interpreter and arguments. Nobody can write to its files until {@link #close}.
 */
public final class Program implements AutoCloseable {
    private static final int HEAD = 256;
    private static final int MAX_SCRIPTS = 5;
    private static final int MAX_ARG_STRLEN = 32 * 4096;
    private static final int ARG_MAX = 131_072;
    private static final long STACK_LIMIT = 8 << 20;

    private final String name;
    private final List<String> arguments;
    private final List<String> environment;
    private final List<FileDescription> files = new ArrayList<>(2);
    private ElfFile elf;
    private ElfFile interpreter;

    private Program(String name, List<String> arguments, List<String> environment) {
        this.name = name;
        this.arguments = arguments;
        this.environment = environment;
    }

    /**
     * Reads the headers of a program and of what it needs.
     *
     * @param file what to execute
     * @param name the path as the caller gave it
     * @param nameReaches whether an interpreter could open {@code name}; not so for a descriptor that execve closes
     * @param opener opens a path for execution, with writing denied, or throws
     * @param stackLimit RLIMIT_STACK
     * @throws SystemCallException ENOEXEC, ELOOP, ELIBBAD, E2BIG, EIO, or what {@code opener} throws
     */
    public static Program open(FileDescription file, String name, boolean nameReaches, List<String> arguments, List<String> environment,
                               Function<String, FileDescription> opener, long stackLimit) {
        List<String> argv = new ArrayList<>(arguments);
        if (argv.isEmpty()) {
            argv.add("");
        }
        Program program = new Program(name, argv, environment);
        try {
            program.follow(file, nameReaches, opener);
            program.checkSize(stackLimit);
            return program;
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    private void follow(FileDescription first, boolean nameReaches, Function<String, FileDescription> opener) {
        FileDescription file = hold(first);
        String path = name;
        for (int depth = 0; ; depth++) {
            if (depth > MAX_SCRIPTS) {
                throw SystemCallException.of(ELOOP);
            }
            byte[] head = head(file);
            ScriptLine script = ScriptLine.parse(head);
            if (script == null) {
                elf = ElfFile.read(file, head);
                if (elf == null) {
                    throw SystemCallException.of(ENOEXEC);
                }
                findInterpreter(opener);
                return;
            }
            if (!nameReaches && depth == 0) {
                throw SystemCallException.of(ENOENT);
            }
            arguments.set(0, path);
            if (script.argument() != null) {
                arguments.addFirst(script.argument());
            }
            arguments.addFirst(script.interpreter());
            path = script.interpreter();
            file = hold(opener.apply(path));
        }
    }

    private void findInterpreter(Function<String, FileDescription> opener) {
        ProgramHeader header = elf.find(ProgramHeader.PT_INTERP);
        if (header == null) {
            return;
        }
        if (header.fileSize() < 2 || header.fileSize() > 4096) {
            throw SystemCallException.of(ENOEXEC);
        }
        byte[] path = ElfFile.require(elf.file(), header.offset(), (int) header.fileSize());
        if (path[path.length - 1] != 0) {
            throw SystemCallException.of(ENOEXEC);
        }
        String text = new String(path, StandardCharsets.ISO_8859_1);
        FileDescription file = hold(opener.apply(text.substring(0, text.indexOf(0))));
        interpreter = ElfFile.read(file, ElfFile.require(file, 0, ElfFile.HEADER_SIZE));
        if (interpreter == null) {
            throw SystemCallException.of(ELIBBAD);
        }
    }

    private static byte[] head(FileDescription file) {
        byte[] head = new byte[HEAD];
        int count = file.readAt(0, head, 0, HEAD);
        if (count < 0) {
            throw SystemCallException.of(-count);
        }
        return head;
    }

    /** As bprm_stack_limits and copy_strings of fs/exec.c. */
    private void checkSize(long stackLimit) {
        long limit = Math.max(Math.min(STACK_LIMIT / 4 * 3, Long.compareUnsigned(stackLimit, STACK_LIMIT * 4) > 0 ? STACK_LIMIT * 4 : stackLimit / 4), ARG_MAX);
        limit -= 8L * (arguments.size() + environment.size());
        limit -= name.length() + 1;
        for (List<String> strings : List.of(arguments, environment)) {
            for (String string : strings) {
                limit -= string.length() + 1;
                if (string.length() >= MAX_ARG_STRLEN) {
                    throw SystemCallException.of(E2BIG);
                }
            }
        }
        if (limit < 0) {
            throw SystemCallException.of(E2BIG);
        }
    }

    private FileDescription hold(FileDescription file) {
        files.add(file.acquire());
        return file;
    }

    private static void let(FileDescription file) {
        file.location().inode().allowWriting();
        file.release();
    }

    /** The ELF file that is to run in the end: behind all scripts. */
    public FileDescription file() {
        return elf.file();
    }

    ElfFile elf() {
        return elf;
    }

    /** Null for a static program. */
    ElfFile interpreter() {
        return interpreter;
    }

    String name() {
        return name;
    }

    List<String> arguments() {
        return arguments;
    }

    List<String> environment() {
        return environment;
    }

    @Override
    public void close() {
        files.forEach(Program::let);
        files.clear();
    }
}
