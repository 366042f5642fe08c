package io.scwatcher.cpu.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.CpuException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random operations on a family of forked address spaces, against a model that has one record for each page. */
class AddressSpaceModelTest {
    private static final int PAGE = AddressSpace.PAGE;
    private static final long BASE = 0x7fff_0000_0000L;
    private static final int PAGES = 150;

    /** One page as the model sees it. {@code own} is null until a private page is written. */
    private record Page(int protection, Backing backing, long index, boolean shared, Object owner, byte[] own) {
        byte[] bytes() {
            Frame frame = backing == null ? Frame.ZERO : backing.frame(index);
            return own != null ? own : frame == null ? null : frame.bytes;
        }

        Page copy() {
            return new Page(protection, backing, index, shared, owner, own == null ? null : own.clone());
        }
    }

    private record Space(AddressSpace memory, Cpu cpu, TreeMap<Integer, Page> pages) {
    }

    private final long seed = Long.getLong("scwatcher.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final CountingAccount account = new CountingAccount(1_000_000);
    private final List<Space> spaces = new ArrayList<>();
    private final SharedMemory[] files = new SharedMemory[4];

    @Test
    void behavesAsTheModel() {
        for (int i = 0; i < files.length; i++) {
            files[i] = new SharedMemory((20L + i) * PAGE, FrameAccount.UNLIMITED);
        }
        AddressSpace first = new AddressSpace(account);
        spaces.add(new Space(first, new Cpu(first), new TreeMap<>()));
        for (int step = 0; step < 60_000; step++) {
            Space space = spaces.get(random.nextInt(spaces.size()));
            change(space);
            if (step % 50 == 0 && spaces.contains(space)) {
                compareMappings(space);
            }
        }
        for (Space space : spaces) {
            space.memory.release();
        }
        assertThat(account.used).as("seed %d", seed).hasValue(0);
    }

    private void change(Space space) {
        int page = random.nextInt(PAGES);
        int count = 1 + random.nextInt(random.nextBoolean() ? 4 : PAGES - page);
        count = Math.min(count, PAGES - page);
        long address = BASE + (long) page * PAGE;
        long length = (long) count * PAGE;
        int protection = random.nextInt(8);
        switch (random.nextInt(40)) {
            case 0, 1 -> mapAnonymous(space, page, count, protection);
            case 2 -> mapFile(space, page, count, protection);
            case 3 -> {
                space.memory.unmap(address, length);
                range(space, page, count).clear();
            }
            case 4 -> {
                boolean complete = range(space, page, count).size() == count;
                assertThat(space.memory.protect(address, length, protection)).as("seed %d", seed).isEqualTo(complete);
                range(space, page, count).replaceAll((key, p) -> new Page(protection, p.backing, p.index, p.shared, p.owner, p.own));
            }
            case 5 -> move(space, page, Math.min(count, 5));
            case 6 -> {
                space.memory.discard(address, length);
                range(space, page, count).replaceAll((key, p) -> new Page(p.protection, p.backing, p.index, p.shared, p.owner, null));
            }
            case 7 -> forkOrExit(space);
            case 8 -> findFree(space, length);
            case 9 -> copyOut(space, address + random.nextInt(PAGE));
            default -> access(space, address + random.nextInt(PAGE));
        }
    }

    private static NavigableMap<Integer, Page> range(Space space, int page, int count) {
        return space.pages.subMap(page, true, page + count - 1, true);
    }

    private void mapAnonymous(Space space, int page, int count, int protection) {
        space.memory.map(BASE + (long) page * PAGE, (long) count * PAGE, protection, null, 0, false, null);
        for (int i = 0; i < count; i++) {
            space.pages.put(page + i, new Page(protection, null, 0, false, null, null));
        }
    }

    private void mapFile(Space space, int page, int count, int protection) {
        int file = random.nextInt(files.length);
        int index = random.nextInt(25);
        boolean shared = random.nextBoolean();
        space.memory.map(BASE + (long) page * PAGE, (long) count * PAGE, protection, files[file], (long) index * PAGE, shared, "file" + file);
        for (int i = 0; i < count; i++) {
            space.pages.put(page + i, new Page(protection, files[file], index + i, shared, "file" + file, null));
        }
    }

    private void move(Space space, int from, int count) {
        int newCount = 1 + random.nextInt(5);
        int to = random.nextInt(PAGES - newCount);
        if (from < to + newCount && to < from + count) {
            return;
        }
        Mapping mapping = space.memory.mappingAt(BASE + (long) from * PAGE);
        boolean possible = mapping != null && mapping.end() >= BASE + (long) (from + count) * PAGE;
        boolean keep = random.nextInt(4) == 0;
        assertThat(space.memory.move(BASE + (long) from * PAGE, (long) count * PAGE, BASE + (long) to * PAGE, (long) newCount * PAGE, keep))
                .as("seed %d", seed).isEqualTo(possible);
        if (possible) {
            for (int i = 0; i < newCount; i++) {
                Page old = space.pages.get(from + Math.min(i, count - 1));
                long index = space.pages.get(from).index + (old.backing == null ? 0 : i);
                space.pages.put(to + i, new Page(old.protection, old.backing, index, old.shared, old.owner, i < count ? old.own : null));
            }
            for (int i = 0; i < count; i++) {
                Page p = space.pages.remove(from + i);
                if (keep) {
                    space.pages.put(from + i, new Page(p.protection, p.backing, p.index, p.shared, p.owner, null));
                }
            }
        }
    }

    private void forkOrExit(Space space) {
        if (spaces.size() < 5) {
            TreeMap<Integer, Page> pages = new TreeMap<>();
            space.pages.forEach((key, page) -> pages.put(key, page.copy()));
            AddressSpace child = space.memory.fork();
            spaces.add(new Space(child, new Cpu(child), pages));
        } else {
            spaces.remove(space);
            space.memory.release();
        }
    }

    private void findFree(Space space, long length) {
        int count = (int) (length / PAGE);
        int expected = -1;
        for (int i = PAGES - count; i >= 0 && expected < 0; i--) {
            if (range(space, i, count).isEmpty()) {
                expected = i;
            }
        }
        long found = space.memory.findFree(length, BASE, BASE + (long) PAGES * PAGE);
        assertThat(found).as("seed %d", seed).isEqualTo(expected < 0 ? -1 : BASE + (long) expected * PAGE);
    }

    private void copyOut(Space space, long address) {
        byte[] data = new byte[1 + random.nextInt(3 * PAGE)];
        random.nextBytes(data);
        int expected = 0;
        while (expected < data.length && writeModel(space, address + expected, data[expected])) {
            expected++;
        }
        assertThat(space.memory.write(address, data, 0, data.length)).as("seed %d", seed).isEqualTo(expected);
        byte[] back = new byte[expected];
        assertThat(space.memory.read(address, back, 0, expected)).isEqualTo(expected);
        assertThat(back).as("seed %d", seed).isEqualTo(Arrays.copyOf(data, expected));
    }

    private boolean mayWrite(Space space, long address) {
        Page page = space.pages.get((int) ((address - BASE) / PAGE));
        return page != null && (page.protection & Mapping.WRITE) != 0 && page.bytes() != null;
    }

    private boolean writeModel(Space space, long address, int value) {
        if (!mayWrite(space, address)) {
            return false;
        }
        copyForWriting(space, address).bytes()[(int) address & PAGE - 1] = (byte) value;
        return true;
    }

    /** The page, no longer the file's if it is private. */
    private static Page copyForWriting(Space space, long address) {
        int number = (int) ((address - BASE) / PAGE);
        Page page = space.pages.get(number);
        if (page.own == null && !page.shared) {
            page = new Page(page.protection, page.backing, page.index, false, page.owner, page.bytes().clone());
            space.pages.put(number, page);
        }
        return page;
    }

    private int readModel(Space space, long address) {
        Page page = space.pages.get((int) ((address - BASE) / PAGE));
        return page == null || page.protection == 0 || page.bytes() == null ? -1 : page.bytes()[(int) address & PAGE - 1] & 0xff;
    }

    /** A load or a store of 1, 2, 4 or 8 bytes, sometimes over two pages. */
    private void access(Space space, long where) {
        long address = random.nextInt(4) == 0 ? (where & -PAGE) + PAGE - 1 - random.nextInt(8) : where;
        int size = 1 << random.nextInt(4);
        if (random.nextBoolean()) {
            long expected = 0;
            for (int i = size - 1; i >= 0 && expected != Long.MIN_VALUE; i--) {
                int value = readModel(space, address + i);
                expected = value < 0 ? Long.MIN_VALUE : expected << 8 | value;
            }
            if (random.nextInt(50) == 0) {
                PageTableEntry entry = space.memory.readable(address);
                if (entry != null && entry.frame() != Frame.ZERO) {
                    entry.installCode("code");
                }
            }
            assertThat(load(space.cpu, address, size)).as("seed %d: load %d bytes at %x", seed, size, address).isEqualTo(expected);
        } else {
            long value = random.nextLong();
            boolean allowed = true;
            for (int i = 0; i < size; i++) {
                allowed &= mayWrite(space, address + i);
            }
            if (allowed) {
                for (int i = 0; i < size; i++) {
                    writeModel(space, address + i, (int) (value >>> 8 * i));
                }
            } else if (mayWrite(space, address)) {
                copyForWriting(space, address); // before the second page faulted
            }
            assertThat(store(space.cpu, address, value, size)).as("seed %d: store %d bytes at %x", seed, size, address).isEqualTo(allowed);
        }
    }

    private static long load(Cpu cpu, long address, int size) {
        try {
            return switch (size) {
                case 1 -> cpu.load8(address);
                case 2 -> cpu.load16(address);
                case 4 -> cpu.load32(address) & 0xffff_ffffL;
                default -> cpu.load64(address);
            };
        } catch (CpuException e) {
            return Long.MIN_VALUE;
        }
    }

    private static boolean store(Cpu cpu, long address, long value, int size) {
        while (true) {
            try {
                switch (size) {
                    case 1 -> cpu.store8(address, (int) value);
                    case 2 -> cpu.store16(address, (int) value);
                    case 4 -> cpu.store32(address, (int) value);
                    default -> cpu.store64(address, value);
                }
                return true;
            } catch (CpuException e) {
                if (e == CpuException.FAULT) {
                    return false;
                }
                cpu.codeForgotten();
            }
        }
    }

    private void compareMappings(Space space) {
        List<Mapping> expected = new ArrayList<>();
        space.pages.forEach((number, page) -> {
            long start = BASE + (long) number * PAGE;
            Mapping next = new Mapping(start, start + PAGE, page.protection, page.backing, page.index * PAGE, page.shared, false, page.owner);
            if (!expected.isEmpty() && expected.getLast().continuesIn(next)) {
                Mapping before = expected.removeLast();
                expected.add(before.range(before.start(), next.end()));
            } else {
                expected.add(next);
            }
        });
        assertThat(space.memory.mappings()).as("seed %d", seed).isEqualTo(expected);
        assertThat(space.memory.mappedBytes()).isEqualTo((long) space.pages.size() * PAGE);
    }
}
