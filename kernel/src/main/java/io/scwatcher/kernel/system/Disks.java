package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.XArray;
import java.util.ArrayList;
import java.util.List;

/**
 * The disks of the block class and their partitions (block/genhd.c). A partition is a {@code struct block_device} in the
 * disk's xarray since 5.11, a {@code struct hd_struct} in its table before.
 */
public final class Disks {
    /** include/linux/genhd.h up to 5.16, where the flags were macros; since 5.17 an enumeration. */
    private static final int GENHD_FL_REMOVABLE = 0x01;
    private static final int GENHD_FL_SUPPRESS_PARTITION_INFO = 0x20;
    private static final int GENHD_FL_EXT_DEVT = 0x40;
    private static final int MAX_PARTITIONS = 256;
    private static final int NAME_LIMIT = 32;

    private final Kernel kernel;
    private final Variables variables;
    private final boolean isOld;

    public Disks(Kernel kernel) {
        this.kernel = kernel;
        this.variables = new Variables(kernel);
        this.isOld = kernel.types().hasStruct("hd_struct");
    }

    /** All disks ({@code struct gendisk}) in the order of their class. */
    public List<KObject> all() {
        List<KObject> disks = new ArrayList<>();
        long diskType = kernel.address("disk_type");
        for (KObject device : DeviceClasses.devices(kernel, "block_class")) {
            if (device.get("type") == diskType) {
                disks.add(isOld ? kernel.at(device.address() - offsetOfDevice(), "gendisk")
                        : device.containerOf("block_device", "bd_device").ptr("bd_disk"));
            }
        }
        return disks;
    }

    /** The whole disk first, then its partitions by number. Parts of no sectors are left out, but never the disk. */
    public List<Partition> parts(KObject disk) {
        return isOld ? oldParts(disk) : newParts(disk);
    }

    /** The disk or partition behind a {@code struct device} of the block class. */
    public Partition of(KObject device) {
        KObject part = isOld ? device.containerOf("hd_struct", "__dev") : device.containerOf("block_device", "bd_device");
        if (isOld) {
            long whole = device.get("type") == kernel.address("disk_type") ? device.address() : device.get("parent");
            KObject disk = kernel.at(whole - offsetOfDevice(), "gendisk");
            return new Partition(part, disk, part.getInt("partno"), part.get("__dev.devt"), part.get("nr_sects"), part.get("dkstats"));
        }
        return newPart(part, part.ptr("bd_disk"));
    }

    /** Whether /proc/partitions leaves the disk out: {@code show_partition}. */
    public boolean isHidden(KObject disk) {
        long flags = disk.get("flags");
        if (variables.hasConstant("GENHD_FL_HIDDEN")) {
            return (flags & variables.constant("GENHD_FL_HIDDEN")) != 0;
        }
        boolean isPartitionable = (flags & GENHD_FL_EXT_DEVT) != 0 || disk.get("minors") != 0;
        return (flags & GENHD_FL_SUPPRESS_PARTITION_INFO) != 0
                || !isPartitionable && (flags & GENHD_FL_REMOVABLE) != 0;
    }

    /** A disk or a partition of it, whatever the structure. */
    public record Partition(KObject object, KObject disk, int number, long device, long sectors, long statistics) {
        public long major() {
            return device >>> 20;
        }

        public long minor() {
            return device & 0xfffff;
        }

        /** {@code %pg}: the disk's name, with a {@code p} between a digit and the partition's number. */
        public String name() {
            String name = disk.string("disk_name", NAME_LIMIT);
            if (number == 0) {
                return name;
            }
            boolean endsInDigit = !name.isEmpty() && Character.isDigit(name.charAt(name.length() - 1));
            return name + (endsInDigit ? "p" : "") + number;
        }
    }

    private int offsetOfDevice() {
        return kernel.types().struct("gendisk").offsetOf("part0.__dev");
    }

    private List<Partition> newParts(KObject disk) {
        List<Partition> parts = new ArrayList<>();
        for (XArray.Entry entry : XArray.entries(disk.at("part_tbl"))) {
            Partition part = newPart(kernel.at(entry.value(), "block_device"), disk);
            if (part.number() == 0 || part.sectors() != 0) {
                parts.add(part);
            }
        }
        return parts;
    }

    private static Partition newPart(KObject device, KObject disk) {
        long number = device.has("__bd_flags") ? device.get("__bd_flags") & 0xff : device.get("bd_partno");
        long sectors = device.has("bd_nr_sectors") ? device.get("bd_nr_sectors") : device.ptr("bd_inode").get("i_size") >>> 9;
        return new Partition(device, disk, (int) number, device.get("bd_dev"), sectors, device.get("bd_stats"));
    }

    private List<Partition> oldParts(KObject disk) {
        List<Partition> parts = new ArrayList<>();
        KObject table = disk.ptr("part_tbl");
        int length = table.isNull() ? 0 : (int) Math.min(MAX_PARTITIONS, table.get("len"));
        for (int i = 0; i < length; i++) {
            long address = table.at("part").index(i).value();
            if (address != 0) {
                KObject part = kernel.at(address, "hd_struct");
                long sectors = part.get("nr_sects");
                int number = part.getInt("partno");
                if (number == 0 || sectors != 0) {
                    parts.add(new Partition(part, disk, number, part.get("__dev.devt"), sectors, part.get("dkstats")));
                }
            }
        }
        return parts;
    }
}
