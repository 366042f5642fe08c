package io.scwatcher.kernel.net;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The members of drivers' structures as far as counters need them, in the order of the 5.10 sources: the last kernels
 * whose modules carry no types. Each is {@code type [@alignment] name[length]}; {@code *} marks a pointer.
 */
final class DriverStructures {
    static final Map<String, List<String>> MEMBERS = new HashMap<>();

    static {
        virtio();
        veth();
        others();
        overlay();
    }

    private DriverStructures() {}

    /** drivers/net/virtio_net.c. */
    private static void virtio() {
        MEMBERS.put("virtnet_info", List.of("* vdev", "* cvq", "*net_device dev", "*send_queue sq", "*receive_queue rq",
                "u32 status", "u16 max_queue_pairs"));
        MEMBERS.put("virtnet_sq_stats", List.of("u64_stats_sync syncp", "u64 packets", "u64 bytes", "u64 xdp_tx",
                "u64 xdp_tx_drops", "u64 kicks"));
        MEMBERS.put("virtnet_rq_stats", List.of("u64_stats_sync syncp", "u64 packets", "u64 bytes", "u64 drops",
                "u64 xdp_packets", "u64 xdp_tx", "u64 xdp_redirects", "u64 xdp_drops", "u64 kicks"));
        MEMBERS.put("send_queue", List.of("* vq", "scatterlist sg[MAX_SKB_FRAGS+2]", "u8 name[40]",
                "virtnet_sq_stats stats", "napi_struct napi"));
        MEMBERS.put("receive_queue", List.of("* vq", "napi_struct napi", "* xdp_prog", "virtnet_rq_stats stats",
                "* pages", "u64 mrg_avg_pkt_len", "page_frag alloc_frag", "scatterlist sg[MAX_SKB_FRAGS+2]",
                "u32 min_buf_len", "u8 name[40]", "xdp_rxq_info @64 xdp_rxq"));
    }

    /** drivers/net/veth.c. */
    private static void veth() {
        MEMBERS.put("veth_priv", List.of("*net_device peer", "atomic64_t dropped", "* _xdp_prog", "*veth_rq rq",
                "u32 requested_headroom"));
        MEMBERS.put("atomic64_t", List.of("u64 counter"));
        MEMBERS.put("veth_stats", List.of("u64 rx_drops", "u64 xdp_packets", "u64 xdp_bytes", "u64 xdp_redirect",
                "u64 xdp_drops", "u64 xdp_tx", "u64 xdp_tx_err", "u64 peer_tq_xdp_xmit", "u64 peer_tq_xdp_xmit_err"));
        MEMBERS.put("veth_rq_stats", List.of("veth_stats vs", "u64_stats_sync syncp"));
        MEMBERS.put("veth_rq", List.of("napi_struct xdp_napi", "*net_device dev", "* xdp_prog", "xdp_mem_info xdp_mem",
                "veth_rq_stats stats", "u8 rx_notify_masked", "ptr_ring @64 xdp_ring", "xdp_rxq_info @64 xdp_rxq"));
    }

    /** fs/overlayfs/ovl_entry.h. */
    private static void overlay() {
        MEMBERS.put("ovl_config", List.of("* lowerdir", "* upperdir", "* workdir", "u8 default_permissions",
                "u8 redirect_dir", "u8 redirect_follow", "* redirect_mode", "u8 index", "u8 nfs_export", "u32 xino",
                "u8 metacopy", "u8 ovl_volatile"));
        MEMBERS.put("ovl_fs", List.of("u32 numlayer", "u32 numfs", "* layers", "* fs", "* workbasedir", "* workdir",
                "* indexdir", "u64 namelen", "ovl_config config", "* creator_cred", "u8 tmpfile", "u8 noxattr",
                "u8 upperdir_locked", "u8 workdir_locked", "u8 share_whiteout", "* workbasedir_trap", "* workdir_trap",
                "* indexdir_trap", "u32 xino_mode"));
    }

    /** drivers/net/ifb.c, drivers/net/vrf.c, drivers/net/tun.c, net/8021q/vlan.h, net/netfilter/x_tables.c. */
    private static void others() {
        MEMBERS.put("ifb_dev_private", List.of("*ifb_q_private tx_private"));
        MEMBERS.put("ifb_q_private", List.of("*net_device @64 dev", "tasklet_struct ifb_tasklet", "u32 tasklet_pending",
                "u32 txqnum", "sk_buff_head rq", "u64 rx_packets", "u64 rx_bytes", "u64_stats_sync rsync",
                "u64_stats_sync tsync", "u64 tx_packets", "u64 tx_bytes", "sk_buff_head tq"));
        MEMBERS.put("pcpu_dstats", List.of("u64 tx_pkts", "u64 tx_bytes", "u64 tx_drps", "u64 rx_pkts", "u64 rx_bytes",
                "u64 rx_drps", "u64_stats_sync syncp"));
        MEMBERS.put("tap_filter", List.of("u32 count", "u32 mask[2]", "u8 addr[48]"));
        MEMBERS.put("tun_pcpu_stats", List.of("u64 rx_packets", "u64 rx_bytes", "u64 tx_packets", "u64 tx_bytes",
                "u64_stats_sync syncp", "u32 rx_dropped", "u32 tx_dropped", "u32 rx_frame_errors"));
        MEMBERS.put("tun_struct", List.of("* tfiles[256]", "u32 numqueues", "u32 flags", "u32 owner", "u32 group",
                "*net_device dev", "u64 set_features", "u32 align", "u32 vnet_hdr_sz", "u32 sndbuf", "tap_filter txflt",
                "sock_fprog fprog", "u8 filter_attached", "u32 msg_enable", "spinlock lock", "* flows[1024]",
                "timer_list flow_gc_timer", "u64 ageing_time", "u32 numdisabled", "list_head disabled", "* security",
                "u32 flow_count", "u32 rx_batched", "* pcpu_stats"));
        MEMBERS.put("xt_af", List.of("mutex mutex", "list_head match", "list_head target", "mutex compat_mutex",
                "* compat_tab", "u32 number", "u32 cur"));
        MEMBERS.put("xt_match", List.of("list_head list", "u8 name[29]"));
        MEMBERS.put("xt_target", List.of("list_head list", "u8 name[29]"));
        MEMBERS.put("vlan_net", List.of("* proc_vlan_dir", "* proc_vlan_conf", "u16 name_type"));
    }
}
