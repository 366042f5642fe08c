package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Registered major numbers: {@code chrdevs} (fs/char_dev.c) and {@code major_names} (block/genhd.c). */
public final class NumberedDevices {
    /** {@code CHRDEV_MAJOR_HASH_SIZE} and {@code BLKDEV_MAJOR_HASH_SIZE}. */
    private static final int BUCKETS = 255;
    /** {@code CHRDEV_MAJOR_MAX} and {@code BLKDEV_MAJOR_MAX}. */
    private static final int MAJORS = 512;
    private static final int LONGEST_CHAIN = 4096;

    private final Kernel kernel;

    public NumberedDevices(Kernel kernel) {
        this.kernel = kernel;
    }

    /** A major number's registration; several may share a number. */
    public record Registration(int major, String name) {}

    public List<Registration> character() {
        return all("chrdevs", "char_device_struct");
    }

    public List<Registration> block() {
        return new Variables(kernel).has("major_names") ? all("major_names", "blk_major_name") : List.of();
    }

    /** By number; several of one number in the order of their hash chain. */
    private List<Registration> all(String table, String structure) {
        List<List<Registration>> byMajor = new ArrayList<>();
        for (int major = 0; major < MAJORS; major++) {
            byMajor.add(new ArrayList<>());
        }
        Variables variables = new Variables(kernel);
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            KObject entry = kernel.at(variables.u64At(table, bucket), structure);
            for (int walked = 0; !entry.isNull() && walked < LONGEST_CHAIN; walked++) {
                int major = entry.getInt("major");
                if (major >= 0 && major < MAJORS) {
                    byMajor.get(major).add(new Registration(major, entry.string("name", 64)));
                }
                entry = entry.ptr("next");
            }
        }
        return byMajor.stream().flatMap(List::stream).toList();
    }
}
