// Processes: fork, wait in all its forms, exit codes, zombies, orphans, process groups, sessions, pidfd.
#include "check.h"
#include <linux/sched.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <poll.h>

static int child(int code) {
    pid_t p = fork();
    if (p == 0) _exit(code);
    return p;
}

static void show_status(const char *what, int s) {
    if (WIFEXITED(s)) printf("%s: exited %d\n", what, WEXITSTATUS(s));
    else if (WIFSIGNALED(s)) printf("%s: signal %d core %d\n", what, WTERMSIG(s), !!WCOREDUMP(s));
    else if (WIFSTOPPED(s)) printf("%s: stopped %d\n", what, WSTOPSIG(s));
    else if (WIFCONTINUED(s)) printf("%s: continued\n", what);
}

int main(void) {
    int s = -1;
    R(wait(&s));
    pid_t p = child(300);
    printf("same %d\n", wait(&s) == p);
    show_status("fork", s);
    p = child(7);
    siginfo_t si;
    memset(&si, 0, sizeof si);
    R(waitid(P_PID, p, &si, WEXITED | WNOWAIT));
    printf("code %d status %d signo %d pid %d\n", si.si_code, si.si_status, si.si_signo, si.si_pid == p);
    R(kill(p, 0));
    R(waitid(P_PID, p, &si, WEXITED));
    R(kill(p, 0));
    R(waitid(P_PID, p, &si, WEXITED));
    R(waitid(P_ALL, 0, &si, 0));
    R(waitid(9, 0, &si, WEXITED));
    R(wait4(-1, &s, 0x40, 0));

    p = fork();
    if (p == 0) for (;;) pause();
    R(waitpid(p, &s, WNOHANG));
    kill(p, SIGSTOP);
    printf("%d\n", waitpid(p, &s, WUNTRACED) == p);
    show_status("stop", s);
    R(waitpid(p, &s, WNOHANG | WUNTRACED));
    kill(p, SIGCONT);
    printf("%d\n", waitpid(p, &s, WCONTINUED) == p);
    show_status("cont", s);
    kill(p, SIGTERM);
    waitpid(p, &s, 0);
    show_status("term", s);

    int fds[2];
    pipe(fds);
    p = fork();
    if (p == 0) {                               // an orphan's parent becomes the subreaper
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        pid_t q = fork();
        if (q == 0) {
            if (fork() == 0) {
                while (getppid() != *(volatile pid_t *)&q && 0) ;
                usleep(50000);
                char c = getppid() == getpgrp() ? 'y' : 'n';
                write(fds[1], &c, 1);
                _exit(5);
            }
            _exit(0);
        }
        setpgid(0, 0);
        int n = 0, st;
        while (wait(&st) > 0) n++;
        _exit(n);
    }
    waitpid(p, &s, 0);
    show_status("subreaper", s);

    p = fork();
    if (p == 0) {
        R(getpgrp() == getpid());
        R(setsid() == getpid());
        R(getsid(0) == getpid());
        R(getpgid(0) == getpid());
        R(setsid());
        R(setpgid(0, 0));
        exit(0);
    }
    waitpid(p, &s, 0);
    p = fork();
    if (p == 0) { pause(); }
    R(setpgid(p, p));
    R(getpgid(p) == p);
    R(setpgid(p, 999999));
    R(setpgid(0, -1));
    R(setpgid(1 << 29, 0));
    kill(-p, SIGKILL);
    printf("%d\n", waitpid(-p, &s, 0) == p);
    show_status("group", s);

    signal(SIGCHLD, SIG_IGN);
    p = child(1);
    R(waitpid(p, &s, 0));
    signal(SIGCHLD, SIG_DFL);

    int gate[2];
    pipe(gate);
    int pidfd = -1;
    struct clone_args ca = {.flags = CLONE_PIDFD, .pidfd = (unsigned long)&pidfd, .exit_signal = SIGCHLD};
    p = syscall(SYS_clone3, &ca, sizeof ca);
    if (p == 0) { char c; close(gate[1]); read(gate[0], &c, 1); _exit(9); }
    struct pollfd pf = {pidfd, POLLIN, 0};
    R(poll(&pf, 1, 0));
    close(gate[1]);
    R(poll(&pf, 1, 5000));
    R(syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0));
    R(waitid(P_PIDFD, pidfd, &si, WEXITED));
    printf("%d\n", si.si_status);
    R(syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0));
    R(syscall(SYS_clone3, &ca, 10));
    ca.flags = CLONE_SIGHAND;
    R(syscall(SYS_clone3, &ca, sizeof ca));
    R(syscall(SYS_clone, CLONE_THREAD | SIGCHLD, 0, 0, 0, 0));

    p = vfork();
    if (p == 0) _exit(3);
    waitpid(p, &s, 0);
    show_status("vfork", s);
    struct rusage ru;
    R(getrusage(RUSAGE_CHILDREN, &ru));
    printf("%d\n", ru.ru_maxrss > 100);
    p = fork();
    if (p == 0) { signal(SIGSEGV, SIG_DFL); *(volatile int *)8 = 1; }
    waitpid(p, &s, 0);
    printf("%d %d\n", WIFSIGNALED(s), WTERMSIG(s));
    return 42;
}
