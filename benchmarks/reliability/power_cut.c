/* Remembers what a power cut would leave of one directory; loaded with LD_PRELOAD, see power_cut.py.
 *
 * Beside the directory stands a mirror of what is durable. When a program makes a file durable (fsync, fdatasync,
 * a write on a descriptor opened with O_SYNC or O_DSYNC, sync, syncfs), the file's bytes at that moment are copied
 * to mirror/files/<key>. When it makes a directory durable, the directory's names at that moment are written to
 * mirror/directories/<key>. A key is the inode and its time of birth, so that names may move and inodes be used
 * again. Nothing else is durable: no name without fsync of its directory, no byte without fsync of its file, and
 * neither msync nor sync_file_range counts. That is the least that POSIX promises, and less than file systems do.
 *
 * All state is in the mirror, so it survives kill -9 and is shared by all processes of a service.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define KEY_SIZE 64
#define NEXT(name) ((__typeof__(&name))next_function(#name))

static char root[PATH_MAX];
static size_t root_length;
static char mirror[PATH_MAX];
static volatile int some_file_is_written_through;
static volatile unsigned serial;

static void *next_function(const char *name) { return dlsym(RTLD_NEXT, name); }

/* The library's own calls go past its own wrappers. */
static int open_raw(const char *path, int flags) { return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0644); }
static void close_raw(int fd) { syscall(SYS_close, fd); }
static void remove_raw(const char *path) { syscall(SYS_unlinkat, AT_FDCWD, path, 0); }
static int rename_raw(const char *from, const char *to) { return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0); }

static void give_up(const char *what) {
    char line[256];
    int length = snprintf(line, sizeof line, "power_cut: %s: %s\n", what, strerror(errno));
    syscall(SYS_write, 2, line, (size_t)length);
    abort(); /* a mirror that is not whole would blame the program under test */
}

static int key_at(int directory, const char *name, int flags, char *key, struct statx *found) {
    if (syscall(SYS_statx, directory, name, flags, STATX_BASIC_STATS | STATX_BTIME, found) != 0) return -1;
    snprintf(key, KEY_SIZE, "%llx-%llx-%x", (unsigned long long)found->stx_ino,
             (unsigned long long)found->stx_btime.tv_sec, found->stx_btime.tv_nsec);
    return 0;
}

static void path_in_mirror(char *path, const char *kind, const char *name) { snprintf(path, PATH_MAX, "%s/%s/%s", mirror, kind, name); }

static void path_of_draft(char *path) {
    char name[64];
    snprintf(name, sizeof name, "%d-%ld-%u", getpid(), (long)syscall(SYS_gettid), __sync_add_and_fetch(&serial, 1));
    path_in_mirror(path, "drafts", name);
}

static void write_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = syscall(SYS_write, fd, bytes, length);
        if (written < 0) give_up("cannot write the mirror");
        bytes += written;
        length -= (size_t)written;
    }
}

static void copy_range(int from, int to, off_t begin, off_t end) {
    char buffer[65536];
    while (begin < end) {
        size_t wanted = (size_t)(end - begin) < sizeof buffer ? (size_t)(end - begin) : sizeof buffer;
        ssize_t got = syscall(SYS_pread64, from, buffer, wanted, begin);
        if (got < 0) give_up("cannot read a file");
        if (got == 0) return; /* it has become shorter meanwhile */
        for (ssize_t done = 0; done < got;) {
            ssize_t written = syscall(SYS_pwrite64, to, buffer + done, (size_t)(got - done), begin + done);
            if (written < 0) give_up("cannot write the mirror");
            done += written;
        }
        begin += got;
    }
}

/* The bytes of a file, as they are now, are durable. */
static void record_file(int fd, const char *key, const struct statx *found, int appended_only) {
    char kept[PATH_MAX], cut_short[PATH_MAX], draft[PATH_MAX];
    path_in_mirror(kept, "files", key);
    path_in_mirror(cut_short, "truncated", key);
    int to = -1;
    off_t begin = 0;
    if (appended_only && syscall(SYS_faccessat, AT_FDCWD, cut_short, F_OK) != 0 && (to = open_raw(kept, O_WRONLY)) >= 0) {
        begin = (off_t)syscall(SYS_lseek, to, 0, SEEK_END);
        if (begin <= (off_t)found->stx_size) {
            copy_range(fd, to, begin, (off_t)found->stx_size);
            close_raw(to);
            return;
        }
        close_raw(to);
    }
    remove_raw(cut_short);
    path_of_draft(draft);
    if ((to = open_raw(draft, O_WRONLY | O_CREAT | O_TRUNC)) < 0) give_up("cannot make a file in the mirror");
    syscall(SYS_fchmod, to, found->stx_mode & 07777);
    copy_range(fd, to, 0, (off_t)found->stx_size);
    close_raw(to);
    if (rename_raw(draft, kept) != 0) give_up("cannot name a file in the mirror");
}

struct entry64 {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

/* The names in a directory, as they are now, are durable: kind, key (a link's target) and name, each ended by NUL. */
static void record_directory(int fd, const char *key) {
    char kept[PATH_MAX], draft[PATH_MAX], entries[32768];
    path_of_draft(draft);
    int to = open_raw(draft, O_WRONLY | O_CREAT | O_TRUNC);
    if (to < 0) give_up("cannot make a file in the mirror");
    long length;
    while ((length = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0) {
        for (long at = 0; at < length;) {
            struct entry64 *entry = (struct entry64 *)(entries + at);
            at += entry->length;
            struct statx found;
            char child[PATH_MAX], line[2 * PATH_MAX];
            if (!strcmp(entry->name, ".") || !strcmp(entry->name, "..")) continue;
            if (key_at(fd, entry->name, AT_SYMLINK_NOFOLLOW, child, &found) != 0) continue; /* removed meanwhile */
            char kind = S_ISREG(found.stx_mode) ? 'f' : S_ISDIR(found.stx_mode) ? 'd' : S_ISLNK(found.stx_mode) ? 'l' : 's';
            if (kind == 'l') {
                ssize_t target = syscall(SYS_readlinkat, fd, entry->name, child, sizeof child - 1);
                child[target < 0 ? 0 : target] = 0;
            }
            int size = snprintf(line, sizeof line, "%c%c%s%c%s%c", kind, 0, child, 0, entry->name, 0);
            write_all(to, line, (size_t)size);
        }
    }
    close_raw(to);
    path_in_mirror(kept, "directories", key);
    if (rename_raw(draft, kept) != 0) give_up("cannot name a file in the mirror");
}

/* Whether a descriptor is of our directory or something below it, also where its name is gone. */
static int is_ours(int fd) {
    char link[64], path[PATH_MAX];
    if (root_length == 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    return length >= (ssize_t)root_length && !memcmp(path, root, root_length) &&
           (length == (ssize_t)root_length || path[root_length] == '/');
}

static void record(int fd) {
    int kept_error = errno;
    struct statx found;
    char key[KEY_SIZE], link[64];
    if (is_ours(fd) && key_at(fd, "", AT_EMPTY_PATH, key, &found) == 0) {
        int flags = (int)syscall(SYS_fcntl, fd, F_GETFL);
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        int again = open_raw(link, O_RDONLY); /* it may be open for writing only, or be in use */
        if (again < 0) give_up("cannot open again what was made durable");
        if (S_ISDIR(found.stx_mode)) record_directory(again, key);
        else if (S_ISREG(found.stx_mode)) record_file(again, key, &found, flags & O_APPEND);
        close_raw(again);
    }
    errno = kept_error;
}

static void record_tree(const char *path) {
    struct statx found;
    char key[KEY_SIZE], entries[32768];
    int fd = open_raw(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return; /* a link or a socket, or removed meanwhile */
    if (key_at(fd, "", AT_EMPTY_PATH, key, &found) == 0 && S_ISREG(found.stx_mode)) record_file(fd, key, &found, 0);
    if (S_ISDIR(found.stx_mode)) {
        long length;
        record_directory(fd, key);
        syscall(SYS_lseek, fd, 0, SEEK_SET);
        while ((length = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0) {
            for (long at = 0; at < length;) {
                struct entry64 *entry = (struct entry64 *)(entries + at);
                char child[PATH_MAX];
                at += entry->length;
                if (!strcmp(entry->name, ".") || !strcmp(entry->name, "..")) continue;
                if ((size_t)snprintf(child, sizeof child, "%s/%s", path, entry->name) < sizeof child) record_tree(child);
            }
        }
    }
    close_raw(fd);
}

/* A file lost bytes: what follows is no more an addition to what the mirror has. */
static void notice_truncation(int fd) {
    int kept_error = errno;
    struct statx found;
    char key[KEY_SIZE], path[PATH_MAX];
    if (is_ours(fd) && key_at(fd, "", AT_EMPTY_PATH, key, &found) == 0) {
        path_in_mirror(path, "truncated", key);
        close_raw(open_raw(path, O_WRONLY | O_CREAT));
    }
    errno = kept_error;
}

static void notice_open(int fd, int flags) {
    if (fd < 0 || root_length == 0) return;
    if (flags & O_TRUNC) notice_truncation(fd);
    if (flags & (O_SYNC | O_DSYNC)) some_file_is_written_through = 1;
}

static void notice_write(int fd) {
    if (some_file_is_written_through && (syscall(SYS_fcntl, fd, F_GETFL) & (O_SYNC | O_DSYNC))) record(fd);
}

__attribute__((constructor)) static void begin(void) {
    const char *directory = getenv("POWER_CUT_DIRECTORY"), *beside = getenv("POWER_CUT_MIRROR");
    if (!directory || !beside || !realpath(directory, root)) return;
    snprintf(mirror, sizeof mirror, "%s", beside);
    root_length = strlen(root);
}

/* For power_cut.py: all that is below a directory is durable. */
void power_cut_record_tree(const char *directory, const char *beside) {
    snprintf(mirror, sizeof mirror, "%s", beside);
    record_tree(directory);
}

/* For power_cut.py: the key of a file; 0 where there is one. */
int power_cut_key(const char *path, char *key) {
    struct statx found;
    return key_at(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, key, &found);
}

int fsync(int fd) {
    int result = NEXT(fsync)(fd);
    if (result == 0) record(fd);
    return result;
}

int fdatasync(int fd) {
    int result = NEXT(fdatasync)(fd);
    if (result == 0) record(fd);
    return result;
}

void sync(void) {
    NEXT(sync)();
    if (root_length) record_tree(root);
}

int syncfs(int fd) {
    int result = NEXT(syncfs)(fd);
    if (result == 0 && root_length) record_tree(root);
    return result;
}

#define OPENING(name, parameters, arguments)                                 \
    int name parameters {                                                    \
        mode_t mode = 0;                                                     \
        if (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {                \
            va_list rest;                                                    \
            va_start(rest, flags);                                           \
            mode = va_arg(rest, mode_t);                                     \
            va_end(rest);                                                    \
        }                                                                    \
        int fd = NEXT(name) arguments;                                       \
        notice_open(fd, flags);                                              \
        return fd;                                                           \
    }

OPENING(open, (const char *path, int flags, ...), (path, flags, mode))
OPENING(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENING(openat, (int directory, const char *path, int flags, ...), (directory, path, flags, mode))
OPENING(openat64, (int directory, const char *path, int flags, ...), (directory, path, flags, mode))

int creat(const char *path, mode_t mode) {
    int fd = NEXT(creat)(path, mode);
    notice_open(fd, O_TRUNC);
    return fd;
}

int creat64(const char *path, mode_t mode) {
    int fd = NEXT(creat64)(path, mode);
    notice_open(fd, O_TRUNC);
    return fd;
}

int ftruncate(int fd, off_t length) {
    int result = NEXT(ftruncate)(fd, length);
    if (result == 0) notice_truncation(fd);
    return result;
}

int ftruncate64(int fd, off64_t length) {
    int result = NEXT(ftruncate64)(fd, length);
    if (result == 0) notice_truncation(fd);
    return result;
}

static int truncated(const char *path, int result) {
    if (result == 0 && root_length) {
        int fd = open_raw(path, O_RDONLY);
        if (fd >= 0) {
            notice_truncation(fd);
            close_raw(fd);
        }
    }
    return result;
}

int truncate(const char *path, off_t length) { return truncated(path, NEXT(truncate)(path, length)); }
int truncate64(const char *path, off64_t length) { return truncated(path, NEXT(truncate64)(path, length)); }

#define WRITING(name, parameters, arguments)                                 \
    ssize_t name parameters {                                                \
        ssize_t result = NEXT(name) arguments;                               \
        if (result > 0) notice_write(fd);                                    \
        return result;                                                       \
    }

WRITING(write, (int fd, const void *bytes, size_t length), (fd, bytes, length))
WRITING(pwrite, (int fd, const void *bytes, size_t length, off_t at), (fd, bytes, length, at))
WRITING(pwrite64, (int fd, const void *bytes, size_t length, off64_t at), (fd, bytes, length, at))
WRITING(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))
WRITING(pwritev, (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at))
WRITING(pwritev64, (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at))
