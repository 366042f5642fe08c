package io.scwatcher.memory.firmware;

import io.scwatcher.memory.GuestMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Checks a memory map by the tables that the firmware left: the ACPI root pointer below 1 MiB (ACPI 6.5, 5.2.5) names
 * the root table, and SeaBIOS puts that right below the end of low RAM. So it is only there, whole, if the map is
 * right. Firmware of the UEFI kind leaves no such pointer; then nothing is confirmed.
 */
public final class FirmwareTables {
    private static final int AREA = 0xe0000;
    private static final int AREA_END = 0x100000;
    private static final long NEAR = 16L << 20;
    private static final int HEADER = 36;
    private static final int MAX_TABLE = 1 << 16;
    private static final long RESET_VECTOR = 0xffff_fff0L;
    private static final byte FAR_JUMP = (byte) 0xea;

    private final GuestMemory memory;

    public FirmwareTables(GuestMemory memory) {
        this.memory = memory;
    }

    /** @param low the end of the RAM below 4 GiB */
    public boolean agreeWith(long low) {
        byte[] area = new byte[AREA_END - AREA];
        if (!memory.read(AREA, area, 0, area.length)) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.wrap(area).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + HEADER <= area.length; at += 16) {
            if (text(area, at, 8).equals("RSD PTR ") && sum(area, at, 20) == 0) {
                long root = Integer.toUnsignedLong(bytes.getInt(at + 16));
                return isTable(root, "RSDT") && root < low && root >= low - NEAR;
            }
        }
        return false;
    }

    /** Whether the firmware's own image is shown below 4 GiB: the far jump at the reset vector (SDM 3A, 10.1.4). */
    public boolean hasResetVector() {
        byte[] code = new byte[1];
        return memory.read(RESET_VECTOR, code, 0, 1) && code[0] == FAR_JUMP;
    }

    private boolean isTable(long address, String signature) {
        byte[] header = new byte[HEADER];
        if (!memory.read(address, header, 0, HEADER) || !text(header, 0, 4).equals(signature)) {
            return false;
        }
        int length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        if (length < HEADER || length > MAX_TABLE) {
            return false;
        }
        byte[] table = new byte[length];
        return memory.read(address, table, 0, length) && sum(table, 0, length) == 0;
    }

    private static int sum(byte[] bytes, int at, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += bytes[at + i];
        }
        return sum & 0xff;
    }

    private static String text(byte[] bytes, int at, int length) {
        return new String(bytes, at, length, StandardCharsets.ISO_8859_1);
    }
}
