# Lists the tasks of a dump with drgn (https://github.com/osandov/drgn): the fields of stat, statm, status and cmdline.
import sys
import drgn
from drgn.helpers.linux.mm import cmdline
from drgn.helpers.linux.pid import for_each_task
from drgn.helpers.linux.sched import task_cpu, task_state_to_char

dump, vmlinux, vmcoreinfo = sys.argv[1:]
prog = drgn.Program(vmcoreinfo=open(vmcoreinfo, "rb").read())
prog.set_core_dump(dump)
prog.load_debug_info([vmlinux])
for task in for_each_task(prog):
    if task.pid != task.tgid:
        continue
    sig, cred, mm = task.signal, task.cred, task.mm
    fields = [task.pid, task.real_parent.tgid, task.flags, sig.nr_threads, task.utime, task.stime, task.start_time,
              task.min_flt, task.maj_flt, task.prio, task.static_prio, task.policy, task.nvcsw, task.nivcsw,
              sig.group_exit_code, sig.oom_score_adj, cred.uid.val, cred.euid.val, cred.suid.val, cred.fsuid.val,
              cred.gid.val, cred.egid.val, cred.sgid.val, cred.fsgid.val, task.pending.signal.sig[0],
              task.blocked.sig[0], task.thread_pid.level]
    if mm:
        fields += [mm.total_vm, mm.locked_vm, mm.data_vm, mm.stack_vm, mm.exec_vm, mm.hiwater_rss, mm.start_code,
                   mm.end_code, mm.start_stack, mm.start_data, mm.end_data, mm.start_brk, mm.arg_start, mm.arg_end,
                   mm.env_start, mm.env_end]
        try:
            arguments = b" ".join(cmdline(task))
        except drgn.FaultError:
            arguments = b"?"
    else:
        arguments = b""
    print(task.comm.string_().decode(errors="replace"), task_state_to_char(task), task_cpu(task),
          *(field.value_() for field in fields), arguments.decode(errors="replace"))
