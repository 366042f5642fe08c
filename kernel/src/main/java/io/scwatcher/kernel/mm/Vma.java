package io.scwatcher.kernel.mm;

import io.scwatcher.kernel.KObject;

/**
 * One mapped area of an address space.
 *
 * @param object the {@code struct vm_area_struct}
 */
public record Vma(KObject object) {
    /** {@code VM_*} of include/linux/mm.h: macros, the same in all versions. */
    public static final long VM_READ = 0x1;
    public static final long VM_WRITE = 0x2;
    public static final long VM_EXEC = 0x4;
    public static final long VM_SHARED = 0x8;
    public static final long VM_MAYSHARE = 0x80;
    public static final long VM_GROWSDOWN = 0x100;
    public static final long VM_LOCKED = 0x2000;
    public static final long VM_HUGETLB = 0x40_0000;
    public static final long VM_MERGEABLE = 0x8000_0000L;

    public long start() {
        return object.get("vm_start");
    }

    /** The first address behind it. */
    public long end() {
        return object.get("vm_end");
    }

    public long flags() {
        return object.get("vm_flags");
    }

    public boolean has(long flag) {
        return (flags() & flag) != 0;
    }

    /** In pages. */
    public long pageOffset() {
        return object.get("vm_pgoff");
    }

    /** {@code struct file}; address 0 for anonymous areas. */
    public KObject file() {
        return object.ptr("vm_file");
    }

    /** Bytes in each of its pages: {@code vma_kernel_pagesize}. */
    public long pageSize() {
        if (!has(VM_HUGETLB) || file().isNull()) {
            return PageTable.PAGE_SIZE;
        }
        KObject info = file().ptr("f_inode").ptr("i_sb").ptr("s_fs_info").as("hugetlbfs_sb_info");
        return PageTable.PAGE_SIZE << Math.clamp(info.ptr("hstate").get("order") & 0xffff_ffffL, 0, 30);
    }

    /** The name given by {@code PR_SET_VMA_ANON_NAME}, or null. */
    public String anonymousName() {
        if (object.get("vm_mm") == 0 || !object.has("anon_name")) {
            return null;
        }
        KObject name = object.ptr("anon_name");
        return name.isNull() ? null : name.string("name", 256);
    }
}
