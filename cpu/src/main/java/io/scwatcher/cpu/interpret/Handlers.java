package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.decode.Family;
import io.scwatcher.cpu.decode.Form;
import io.scwatcher.cpu.decode.Opcode;

/** Which handler executes which form. A family's handlers are made when the first of its instructions is decoded. Safe for several threads. */
public final class Handlers {
    private static final Handler[][] BY_FAMILY = new Handler[Family.values().length][];

    private final Handler[] handlers = new Handler[Opcode.values().length];

    private Handlers() {
    }

    /** @throws IllegalStateException if nobody has registered a handler for the form's opcode in its family: a bug that a test looks for */
    public static Handler of(Form form) {
        Handler handler = family(form.family())[form.opcode().ordinal()];
        if (handler == null) {
            throw new IllegalStateException("no handler for " + form);
        }
        return handler;
    }

    /** For a family's register method. */
    void add(Handler handler, Opcode... opcodes) {
        for (Opcode opcode : opcodes) {
            if (handlers[opcode.ordinal()] != null) {
                throw new IllegalStateException("two handlers for " + opcode);
            }
            handlers[opcode.ordinal()] = handler;
        }
    }

    private static synchronized Handler[] family(Family family) {
        Handler[] known = BY_FAMILY[family.ordinal()];
        if (known == null) {
            Handlers fresh = new Handlers();
            switch (family) {
                case INTEGER -> {
                    Arithmetic.register(fresh);
                    Shifts.register(fresh);
                    MultiplyDivide.register(fresh);
                    Moves.register(fresh);
                    Bits.register(fresh);
                    Stack.register(fresh);
                    Branches.register(fresh);
                    Strings.register(fresh);
                    SystemInstructions.register(fresh);
                    Segments.register(fresh);
                }
                case X87 -> registerX87(fresh);
                case MMX -> MmxHandlers.register(fresh);
                case SSE -> registerSse(fresh);
            }
            known = fresh.handlers;
            BY_FAMILY[family.ordinal()] = known;
        }
        return known;
    }

    private static void registerX87(Handlers handlers) {
        X87Handlers.register(handlers);
        X87Moves.register(handlers);
        X87Compare.register(handlers);
        X87Control.register(handlers);
    }

    private static void registerSse(Handlers handlers) {
        SseMoves.register(handlers);
        SseIntegers.register(handlers);
        SseShuffles.register(handlers);
        SseStrings.register(handlers);
        SseFloats.register(handlers);
        SseConversions.register(handlers);
    }
}
