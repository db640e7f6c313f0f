/* Fails the n-th writing call on files below a folder, as a bad or full disk does. Loaded before the C library by LD_PRELOAD.
 *
 * HEARTH_FAULTS names a file with five 32-bit numbers that the test changes while the program runs: whether to fail at all, after how
 * many calls, with which error, whether all later calls fail too, and (written here) how many calls failed.
 * HEARTH_FAULTS_DIR is the folder. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct control {
    int32_t armed, left, error, stays, failed;
};

static struct control *control;
static const char *dir;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("HEARTH_FAULTS");
    dir = getenv("HEARTH_FAULTS_DIR");
    if (!path || !dir) return;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped != MAP_FAILED) control = mapped;
}

static int is_meant(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    if (len <= 0) return 0;
    path[len] = 0;
    return strncmp(path, dir, strlen(dir)) == 0;
}

static int fails(int fd) {
    if (!control || !__atomic_load_n(&control->armed, __ATOMIC_SEQ_CST) || !is_meant(fd)) return 0;
    int32_t left = __atomic_sub_fetch(&control->left, 1, __ATOMIC_SEQ_CST);
    if (left > 0 || (left < 0 && !control->stays)) return 0;
    __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
    errno = control->error;
    return 1;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t len) {
    REAL(ssize_t, write, int, const void *, size_t);
    return fails(fd) ? -1 : real(fd, data, len);
}
ssize_t pwrite(int fd, const void *data, size_t len, off_t at) {
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    return fails(fd) ? -1 : real(fd, data, len, at);
}
ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    return fails(fd) ? -1 : real(fd, data, len, at);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    return fails(fd) ? -1 : real(fd, parts, count);
}
int fsync(int fd) {
    REAL(int, fsync, int);
    return fails(fd) ? -1 : real(fd);
}
int fdatasync(int fd) {
    REAL(int, fdatasync, int);
    return fails(fd) ? -1 : real(fd);
}
int ftruncate(int fd, off_t len) {
    REAL(int, ftruncate, int, off_t);
    return fails(fd) ? -1 : real(fd, len);
}
int ftruncate64(int fd, off64_t len) {
    REAL(int, ftruncate64, int, off64_t);
    return fails(fd) ? -1 : real(fd, len);
}
