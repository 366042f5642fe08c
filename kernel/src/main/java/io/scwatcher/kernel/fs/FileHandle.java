package io.scwatcher.kernel.fs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What name_to_handle_at(2) would give for an inode: fs/exportfs/expfs.c and the file systems' own encoders.
 *
 * @param type {@code enum fid_type}
 * @param bytes the opaque part
 */
public record FileHandle(int type, byte[] bytes) {
    private static final int INO32_GEN = 1;
    private static final int INO64_GEN = 0x81;
    private static final int KERNFS = 0xfe;

    /** Null where the file system has an encoder that is not known here. */
    public static FileHandle of(KObject inode) {
        KObject operations = inode.ptr("i_sb").ptr("s_export_op");
        long inodeNumber = inode.get("i_ino");
        int generation = inode.getInt("i_generation");
        if (operations.isNull()) {
            // Since 6.6 inodes of file systems that cannot be exported have at least an identifier.
            return inode.kernel().symbols().has("generic_encode_ino32_fh")
                    ? new FileHandle(INO64_GEN, words((int) inodeNumber, (int) (inodeNumber >>> 32), generation))
                    : new FileHandle(INO32_GEN, words((int) inodeNumber, generation));
        }
        return switch (encoder(inode.kernel(), operations)) {
            case "", "generic_encode_ino32_fh" -> new FileHandle(INO32_GEN, words((int) inodeNumber, generation));
            case "shmem_encode_fh" -> new FileHandle(1,
                    words(generation, (int) inodeNumber, (int) (inodeNumber >>> 32)));
            case "kernfs_encode_fh" -> kernfs(inode);
            default -> null;
        };
    }

    private static FileHandle kernfs(KObject inode) {
        KObject node = inode.ptr("i_private").as("kernfs_node");
        long id = node.get(node.has("id.id") ? "id.id" : "id");
        return new FileHandle(KERNFS, words((int) id, (int) (id >>> 32)));
    }

    private static String encoder(Kernel kernel, KObject operations) {
        long function = operations.get("encode_fh");
        Symbol symbol = function == 0 ? null : kernel.symbols().containing(function);
        return function == 0 ? "" : symbol == null ? "?" : symbol.name();
    }

    private static byte[] words(int... words) {
        ByteBuffer buffer = ByteBuffer.allocate(words.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            buffer.putInt(word);
        }
        return buffer.array();
    }
}
