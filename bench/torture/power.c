/*
 * A disk that loses its power (LD_PRELOAD). For files under SOTTO_DISK it keeps, in SOTTO_DURABLE, what a real disk would
 * hold after the power went: only what was written before the last fsync of that file. The supervisor kills the process
 * and puts SOTTO_DURABLE in the place of SOTTO_DISK. While the file named by SOTTO_FULL exists, writes fail with ENOSPC.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES 4096

struct change {
  struct change *next;
  off_t at;
  size_t length; /* (size_t)-1: truncated to `at` */
  char data[];
};
struct file {
  char *durable;
  struct change *first, *last;
};

static struct file *files[FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread int inside;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int disk_is_full(void) {
  const char *flag = getenv("SOTTO_FULL");
  return flag && access(flag, F_OK) == 0;
}

/* Changes belong to the file, not to the descriptor: SQLite opens a file more than once. */
static struct file *by_path[256];

static void watch(int fd, const char *path) {
  const char *disk = getenv("SOTTO_DISK"), *durable = getenv("SOTTO_DURABLE");
  if (fd < 0 || fd >= FILES || !path || !disk || !durable) return;
  pthread_mutex_lock(&lock);
  files[fd] = NULL;
  size_t length = strlen(disk), end = strlen(path);
  int memory = end > 4 && strcmp(path + end - 4, "-shm") == 0; /* rebuilt at every recovery */
  if (strncmp(path, disk, length) == 0 && path[length] == '/' && !memory) {
    char full[4096];
    snprintf(full, sizeof full, "%s%s", durable, path + length);
    for (int i = 0; i < 256 && !files[fd]; i++) {
      if (!by_path[i]) {
        by_path[i] = calloc(1, sizeof(struct file));
        by_path[i]->durable = strdup(full);
      }
      if (strcmp(by_path[i]->durable, full) == 0) files[fd] = by_path[i];
    }
  }
  pthread_mutex_unlock(&lock);
}

static void forget(struct file *file) {
  for (struct change *c = file->first; c;) {
    struct change *next = c->next;
    free(c);
    c = next;
  }
  file->first = file->last = NULL;
}

static void note(int fd, const void *data, size_t length, off_t at) {
  if (inside || fd < 0 || fd >= FILES || !files[fd]) return;
  pthread_mutex_lock(&lock);
  size_t bytes = length == (size_t)-1 ? 0 : length;
  struct change *c = malloc(sizeof *c + bytes);
  c->next = NULL;
  c->at = at;
  c->length = length;
  if (bytes) memcpy(c->data, data, bytes);
  if (files[fd]->last) files[fd]->last->next = c;
  else files[fd]->first = c;
  files[fd]->last = c;
  pthread_mutex_unlock(&lock);
}

static void make_durable(int fd) {
  if (fd < 0 || fd >= FILES || !files[fd]) return;
  pthread_mutex_lock(&lock);
  inside = 1;
  int out = REAL(open)(files[fd]->durable, O_RDWR | O_CREAT, 0600);
  for (struct change *c = files[fd]->first; c && out >= 0; c = c->next) {
    if (c->length == (size_t)-1) {
      if (REAL(ftruncate)(out, c->at) != 0) abort();
    } else if (REAL(pwrite)(out, c->data, c->length, c->at) != (ssize_t)c->length) abort();
  }
  forget(files[fd]);
  if (out >= 0) REAL(close)(out);
  inside = 0;
  pthread_mutex_unlock(&lock);
}

#define OPEN(name)                                      \
  int name(const char *path, int flags, ...) {          \
    va_list list;                                       \
    va_start(list, flags);                              \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; \
    va_end(list);                                       \
    int fd = REAL(name)(path, flags, mode);             \
    if (!inside) watch(fd, path);                       \
    return fd;                                          \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  if (!inside && fd >= 0 && fd < FILES) files[fd] = NULL;
  return REAL(close)(fd);
}

#define PWRITE(name)                                                       \
  ssize_t name(int fd, const void *data, size_t length, __off64_t at) {    \
    if (!inside && fd >= 0 && fd < FILES && files[fd] && disk_is_full()) { \
      errno = ENOSPC;                                                      \
      return -1;                                                           \
    }                                                                      \
    ssize_t done = REAL(name)(fd, data, length, at);                       \
    if (done > 0) note(fd, data, done, at);                                \
    return done;                                                           \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t write(int fd, const void *data, size_t length) {
  int ours = !inside && fd >= 0 && fd < FILES && files[fd];
  if (ours && disk_is_full()) {
    errno = ENOSPC;
    return -1;
  }
  off_t at = ours ? lseek(fd, 0, SEEK_CUR) : 0;
  ssize_t done = REAL(write)(fd, data, length);
  if (ours && done > 0) note(fd, data, done, at);
  return done;
}

#define TRUNCATE(name)                         \
  int name(int fd, __off64_t length) {         \
    int done = REAL(name)(fd, length);         \
    if (done == 0) note(fd, NULL, -1, length); \
    return done;                               \
  }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

/* Durable is what was written before the call: another thread may write while it runs. */
#define SYNC(name)           \
  int name(int fd) {         \
    make_durable(fd);        \
    return REAL(name)(fd);   \
  }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
  int done = REAL(unlink)(path);
  const char *disk = getenv("SOTTO_DISK"), *durable = getenv("SOTTO_DURABLE");
  if (done != 0 || !disk || !durable || strncmp(path, disk, strlen(disk)) != 0) return done;
  char full[4096];
  snprintf(full, sizeof full, "%s%s", durable, path + strlen(disk));
  REAL(unlink)(full);
  pthread_mutex_lock(&lock);
  for (int i = 0; i < 256 && by_path[i]; i++) if (strcmp(by_path[i]->durable, full) == 0) forget(by_path[i]);
  pthread_mutex_unlock(&lock);
  return done;
}
