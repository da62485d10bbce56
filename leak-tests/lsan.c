/* For LeakSanitizer preloaded (README.md): GCC 12's library takes `signal` and `sigaction` over without having looked up the C
   library's own, and Rust calls them first of all. Preloaded before it, these two go straight to the C library. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>

static void *of_libc(const char *name) {
    return dlsym(dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD), name);
}

sighandler_t signal(int number, sighandler_t handler) {
    return ((sighandler_t(*)(int, sighandler_t))of_libc("signal"))(number, handler);
}

int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
    return ((int (*)(int, const struct sigaction *, struct sigaction *))of_libc("sigaction"))(number, action, old);
}
