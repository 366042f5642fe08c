package io.scwatcher.kernel.mm;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;

/** What the kernel knows of each page of RAM: {@code struct page}, {@code struct folio}. */
public final class PageFrames {
    private static final long DEFAULT_VMEMMAP = 0xffff_ea00_0000_0000L;
    private static final int ANONYMOUS = 1;
    private static final int KSM = 3;
    private static final long SMALLEST_MASK = 0xffff_ffff_0000_0000L;
    private static final int NODE_BITS_MOST = 10;

    private final Kernel kernel;
    private final int size;
    private final long first;

    public PageFrames(Kernel kernel) {
        this.kernel = kernel;
        this.size = kernel.types().struct("page").size();
        this.first = first();
    }

    /** The page of a guest-physical address. */
    public Frame at(long physical) {
        KObject page = kernel.at(first + (physical >>> PageTable.PAGE_SHIFT) * size, "page");
        String member = page.has("compound_info") ? "compound_info" : "compound_head";
        long info = page.get(member);
        return new Frame(page, kernel.at((info & 1) == 0 ? page.address() : head(page.address(), info - 1), "page"));
    }

    /** The page of index {@code index} of a file, in the unit that its page cache has there. */
    long member(long unit, long index) {
        KObject head = kernel.at(unit, "page");
        long first = kernel.types().hasStruct("folio") ? head.as("folio").get("index") : head.get("index");
        return unit + Math.max(0, index - first) * size;
    }

    /** Since 7.0 kernels can keep in tail pages the mask that leads to the head, instead of its address. */
    private static long head(long page, long info) {
        return Long.compareUnsigned(info, SMALLEST_MASK) >= 0 ? page & info : info;
    }

    /** The page where the array of them starts: not a symbol, so found by what the kernel says of it. */
    private long first() {
        long known = kernel.symbols().has("vmemmap_base") ? kernel.memory().u64(kernel.address("vmemmap_base")) : 0;
        long candidate = known != 0 ? known : DEFAULT_VMEMMAP;
        return candidate - kernel.pageToPhysical(candidate) / PageTable.PAGE_SIZE * size;
    }

    /** One page, and the first one of the larger unit it belongs to, if any. */
    public final class Frame {
        private final KObject page;
        private final KObject head;
        private final long flags;

        private Frame(KObject page, KObject head) {
            this.page = page;
            this.head = head;
            this.flags = head.at("flags").type() instanceof io.scwatcher.kernel.type.StructType
                    ? head.get("flags.f") : head.get("flags");
        }

        /** A flag of the unit, {@code PG_dirty} for one. */
        public boolean has(String flag) {
            var bit = kernel.types().enumerator(flag);
            return bit.isPresent() && (flags >>> bit.getAsLong() & 1) != 0;
        }

        public boolean isAnonymous() {
            return (head.get("mapping") & ANONYMOUS) != 0;
        }

        public boolean isKsm() {
            return (head.get("mapping") & KSM) == KSM;
        }

        public int references() {
            return head.getInt("_refcount.counter");
        }

        /** {@code page_to_nid}, as the highest of the flags' bits tell it. */
        public int node() {
            int nodes = kernel.symbols().has("nr_node_ids") ? (int) kernel.memory().u32(kernel.address("nr_node_ids")) : 1;
            return nodes <= 1 ? 0 : (int) (flags >>> Long.SIZE - NODE_BITS_MOST) & nodes - 1;
        }

        /** How many page-table entries map this page: {@code page_mapcount}, {@code folio_precise_page_mapcount}. */
        public int mappings() {
            int own = page.getInt("_mapcount.counter") + 1;
            // A negative count is the type of a page that is not mapped.
            int count = own < 0 ? 0 : own;
            return has("PG_head") ? count + entire() : count;
        }

        private int entire() {
            if (kernel.types().hasStruct("folio")) {
                KObject folio = head.as("folio");
                if (folio.has("_entire_mapcount")) {
                    return folio.getInt("_entire_mapcount.counter") + 1;
                }
            }
            KObject second = head.index(1);
            if (!second.has("compound_mapcount")) {
                return 0;
            }
            boolean both = kernel.types().enumerator("PG_double_map").isPresent()
                    && (second.get("flags") >>> kernel.types().enumerator("PG_double_map").getAsLong() & 1) != 0;
            return second.getInt("compound_mapcount.counter") + 1 - (both ? 1 : 0);
        }
    }
}
