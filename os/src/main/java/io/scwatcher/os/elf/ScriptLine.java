package io.scwatcher.os.elf;

import java.nio.charset.StandardCharsets;

/**
 * The first line of a script, as load_script of fs/binfmt_script.c (6.12) reads it.
 *
 * @param argument the rest of the line as one argument, or null
 */
record ScriptLine(String interpreter, String argument) {
    /**
     * @param head the first 256 bytes of the file, padded with zeros
     * @return null if this is no script, or one whose interpreter's name doesn't end within {@code head}
     */
    static ScriptLine parse(byte[] head) {
        if (head[0] != '#' || head[1] != '!') {
            return null;
        }
        String text = new String(head, 2, head.length - 2, StandardCharsets.ISO_8859_1);
        int newline = text.indexOf('\n');
        int nul = text.indexOf('\0');
        boolean complete = newline >= 0 && (nul < 0 || newline < nul);
        int end = complete ? newline : text.length() - 1;
        int name = skipBlanks(text, 0, end);
        int nameEnd = name;
        while (nameEnd < end && !isBlank(text.charAt(nameEnd)) && text.charAt(nameEnd) != 0) {
            nameEnd++;
        }
        if (name == nameEnd || !complete && nameEnd == end && !isBlank(text.charAt(end)) && text.charAt(end) != 0) {
            return null;
        }
        int argument = skipBlanks(text, nameEnd, end);
        int argumentEnd = nul >= 0 && nul < end ? nul : end;
        while (argumentEnd > argument && isBlank(text.charAt(argumentEnd - 1))) {
            argumentEnd--;
        }
        return new ScriptLine(text.substring(name, nameEnd), argument < argumentEnd ? text.substring(argument, argumentEnd) : null);
    }

    private static int skipBlanks(String text, int from, int end) {
        int at = from;
        while (at < end && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
