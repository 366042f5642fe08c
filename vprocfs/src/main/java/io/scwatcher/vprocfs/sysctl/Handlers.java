package io.scwatcher.vprocfs.sysctl;

import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import java.util.HashMap;
import java.util.Map;

/**
 * What each {@code proc_handler} of the kernel prints, by the name of the function: the one place to touch for a new one.
 * Most check only what is written and read like the generic handler that they end in.
 */
final class Handlers {
    private static final Map<String, Handler> BY_NAME = new HashMap<>();

    private Handlers() {}

    /** The handler of that name, or null if it is not known. */
    static Handler find(String function) {
        return BY_NAME.get(function);
    }

    private static void onlyWritten(Setting setting, ProcText out) {
        throw new VfsException(Errno.EINVAL);
    }

    private static void add(Handler handler, String... functions) {
        for (String function : functions) {
            BY_NAME.put(function, handler);
        }
    }

    static {
        add((setting, out) -> {}, "vmstat_refresh");
        add(Handlers::onlyWritten, "ipv4_sysctl_rtcache_flush", "ipv6_sysctl_rtcache_flush");
        addInts();
        addOtherNumbers();
        addKernel();
        addNetwork();
    }

    private static void addInts() {
        add(Vectors::ints, "proc_dointvec", "proc_dointvec_minmax", "proc_dointvec_minmax_sysadmin",
                "proc_dointvec_minmax_bpf_restricted", "proc_dointvec_minmax_bpf_enable",
                "proc_dointvec_minmax_coredump", "proc_dointvec_minmax_warn_RT_change", "proc_do_rointvec",
                "bpf_unpriv_handler", "tracepoint_printk_sysctl", "stack_trace_sysctl", "ftrace_enable_sysctl",
                "yama_dointvec_minmax", "apparmor_dointvec", "timer_migration_handler", "proc_watchdog_thresh",
                "perf_event_max_stack_handler", "perf_cpu_time_max_percent_handler", "perf_proc_update_handler",
                "perf_event_max_sample_rate_handler");
        add(Vectors::ints, "sched_rt_handler", "sched_rr_handler", "sched_proc_update_handler",
                "sysctl_sched_uclamp_handler", "overcommit_ratio_handler", "overcommit_policy_handler",
                "min_free_kbytes_sysctl_handler", "lowmem_reserve_ratio_sysctl_handler",
                "watermark_scale_factor_sysctl_handler", "watermark_boost_factor_sysctl_handler",
                "percpu_pagelist_fraction_sysctl_handler", "percpu_pagelist_high_fraction_sysctl_handler",
                "sysctl_min_unmapped_ratio_sysctl_handler", "sysctl_min_slab_ratio_sysctl_handler",
                "sysctl_vm_numa_stat_handler", "compaction_proactiveness_sysctl_handler",
                "sysctl_compaction_handler", "drop_caches_sysctl_handler", "dirtytime_interval_handler",
                "dirty_writeback_centisecs_handler", "dirty_ratio_handler", "dirty_background_ratio_handler");
        add(Vectors::ints, "devinet_conf_proc", "devinet_sysctl_forward", "ipv4_doint_and_flush",
                "neigh_proc_dointvec", "neigh_proc_dointvec_zero_intmax", "proc_do_dev_weight",
                "proc_do_skb_defer_max", "flow_limit_table_len_sysctl", "addrconf_sysctl_forward",
                "addrconf_sysctl_force_forwarding", "addrconf_sysctl_proxy_ndp", "addrconf_sysctl_mtu",
                "addrconf_sysctl_ignore_routes_with_linkdown", "addrconf_sysctl_disable",
                "addrconf_sysctl_disable_policy", "addrconf_sysctl_addr_gen_mode", "brnf_sysctl_call_tables",
                "cdrom_sysctl_handler", "nf_conntrack_hash_sysctl", "proc_tfo_blackhole_detect_timeout",
                "proc_blackhole_detect_timeout");
        add(Vectors::ints, "proc_ipc_dointvec", "proc_ipc_dointvec_minmax", "proc_ipc_dointvec_minmax_orphans",
                "proc_ipc_sem_dointvec", "proc_mq_dointvec", "proc_mq_dointvec_minmax");
        add((setting, out) -> out.put("0\n"), "proc_ipc_auto_msgmni");
        addIntsOfModules();
    }

    private static void addIntsOfModules() {
        add(Vectors::ints, "proc_sctp_do_rto_min", "proc_sctp_do_rto_max", "proc_sctp_do_alpha_beta",
                "proc_sctp_do_auth", "proc_sctp_do_probe_interval", "proc_sctp_do_udp_port",
                "proc_do_defense_mode", "proc_do_sync_threshold", "proc_do_sync_mode", "proc_do_sync_ports",
                "rds_tcp_skbuf_handler", "mpls_platform_labels", "mac_hid_toggle_emumouse", "sysctl_extfrag_handler");
        add(Vectors::debugFlags, "proc_dodebug");
    }

    private static void addOtherNumbers() {
        add(Vectors::unsignedInts, "proc_douintvec", "proc_douintvec_minmax", "proc_dopipe_max_size",
                "proc_fib_multipath_hash_fields", "proc_rt6_multipath_hash_fields");
        add(Vectors::longs, "proc_doulongvec_minmax", "proc_dolongvec_minmax_bpf_restricted",
                "proc_ipc_doulongvec_minmax", "proc_dohung_task_timeout_secs",
                "overcommit_kbytes_handler", "mmap_min_addr_handler", "dirty_bytes_handler",
                "dirty_background_bytes_handler", "sysctl_panic_print_handler");
        add(Vectors::longJiffiesAsMilliseconds, "proc_doulongvec_ms_jiffies_minmax");
        add(Vectors::octet, "proc_dou8vec_minmax", "proc_dobool", "proc_pm_type");
        add(Vectors::octetOrInts, "ipv4_fwd_update_priority", "proc_fib_multipath_hash_policy",
                "proc_rt6_multipath_hash_policy", "proc_tcp_early_demux", "proc_udp_early_demux",
                "nf_conntrack_log_invalid_sysctl");
        add(Vectors::jiffiesAsSeconds, "proc_dointvec_jiffies", "neigh_proc_dointvec_jiffies", "laptop_mode_handler");
        add(Vectors::jiffiesAsUserTicks, "proc_dointvec_userhz_jiffies", "neigh_proc_dointvec_userhz_jiffies");
        add(Vectors::jiffiesAsMilliseconds, "proc_dointvec_ms_jiffies", "proc_dointvec_ms_jiffies_minmax",
                "neigh_proc_dointvec_ms_jiffies", "neigh_proc_dointvec_ms_jiffies_positive");
        add(Vectors::bitmap, "proc_do_large_bitmap", "proc_watchdog_cpumask");
        add(Vectors::staticKey, "proc_do_static_key", "bpf_stats_handler");
        add(Vectors::string, "proc_dostring", "proc_dostring_coredump", "proc_do_uts_string",
                "devkmsg_sysctl_set_loglvl", "numa_zonelist_order_handler", "proc_scheduler", "proc_path_manager",
                "mptcp_set_scheduler");
    }

    private static void addKernel() {
        add(KernelSettings::taint, "proc_taint");
        add(KernelSettings::controlAltDelete, "proc_do_cad_pid");
        add(KernelSettings::lastPid, "pid_ns_ctl_handler");
        add(KernelSettings::memfdNoExec, "pid_mfd_noexec_dointvec_minmax");
        add(KernelSettings::maxThreads, "sysctl_max_threads");
        add(KernelSettings::sysrq, "sysrq_sysctl_handler");
        add(KernelSettings::kprobesOptimization, "proc_kprobes_optimization_handler");
        add(KernelSettings::watchdog, "proc_watchdog", "proc_nmi_watchdog", "proc_soft_watchdog");
        add(KernelSettings::schedStatistics, "sysctl_schedstats");
        add(KernelSettings::numaBalancing, "sysctl_numa_balancing");
        add(KernelSettings::delayAccounting, "sysctl_delayacct");
        add(KernelSettings::energyAware, "sched_energy_aware_handler");
        add(KernelSettings::domainFlags, "sd_ctl_doflags");
        add(KernelSettings::seccompActionsLogged, "seccomp_actions_logged_handler");
        add(KernelSettings::systemInformation, "sysctl_sys_info_handler");
        add(KernelSettings::capabilities, "proc_cap_handler");
        add(KernelSettings::hugePages, "hugetlb_sysctl_handler", "hugetlb_mempolicy_sysctl_handler");
        add(KernelSettings::hugePagesOvercommit, "hugetlb_overcommit_handler");
        add(KernelSettings::hungTasks, "proc_dohung_task_detect_count");
        add(KernelSettings::inodes, "proc_nr_inodes");
        add(KernelSettings::dentries, "proc_nr_dentry");
        add(KernelSettings::files, "proc_nr_files");
        add(KernelSettings::quotaStatistics, "do_proc_dqstats");
        add(KernelSettings::kexecLimit, "kexec_limit_handler");
        add(KernelSettings::uuid, "proc_do_uuid");
        add(KernelSettings::entropy, "proc_do_entropy");
    }

    private static void addNetwork() {
        add(NetworkSettings::congestionControl, "proc_tcp_congestion_control");
        add(NetworkSettings::availableCongestionControls, "proc_tcp_available_congestion_control");
        add(NetworkSettings::allowedCongestionControls, "proc_allowed_congestion_control");
        add(NetworkSettings::availableUpperLayerProtocols, "proc_tcp_available_ulp");
        add(NetworkSettings::availableMptcpSchedulers, "proc_available_schedulers");
        add(NetworkSettings::availableMptcpPathManagers, "proc_available_path_managers");
        add(NetworkSettings::defaultQueueingDiscipline, "set_default_qdisc");
        add(NetworkSettings::fastOpenKey, "proc_tcp_fastopen_key");
        add(NetworkSettings::localPortRange, "ipv4_local_port_range");
        add(NetworkSettings::pingGroupRange, "ipv4_ping_group_range");
        add(NetworkSettings::privilegedPorts, "ipv4_privileged_ports");
        add(NetworkSettings::tcpHashEntries, "proc_tcp_ehash_entries");
        add(NetworkSettings::udpHashEntries, "proc_udp_hash_entries");
        add(NetworkSettings::multipathHashSeed, "proc_fib_multipath_hash_seed");
        add(NetworkSettings::netfilterLogger, "nf_log_proc_dostring");
        add(NetworkSettings::lightweightTunnelHooks, "nf_hooks_lwtunnel_sysctl_handler");
        add(NetworkSettings::receiveSideScalingKey, "proc_do_rss_key");
        add(NetworkSettings::receiveFlowEntries, "rps_sock_flow_sysctl");
        add(NetworkSettings::flowLimitCpus, "flow_limit_cpu_sysctl");
        add(NetworkSettings::receiveSteeringMask, "rps_default_mask_sysctl");
        add(NetworkSettings::stableSecret, "addrconf_sysctl_stable_secret");
        add(NetworkSettings::vsockMode, "vsock_net_mode_string", "vsock_net_child_mode_string");
        add(NetworkSettings::unresolvedQueue, "neigh_proc_dointvec_unres_qlen");
        add(NetworkSettings::neighbourTime, "ndisc_ifinfo_sysctl_change", "neigh_proc_base_reachable_time");
    }
}
