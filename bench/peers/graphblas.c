/* Pairs of terms as the PLUS_PAIR product C = A'A of SuiteSparse:GraphBLAS.
 *
 * graphblas INDPTR INDICES COLUMNS THREADS reads a CSR pattern (int64 row pointers, int32 column indices), says "ready"
 * and then obeys lines, in turn: "run" multiplies and says "done"; "write" says "columns entries", writes the row
 * pointers and column indices (int64) and the values (int32) of the product, and lets go of it. Without arguments it
 * says its version.
 */
#include <GraphBLAS.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, const char *about) {
  fprintf(stderr, "graphblas: %s %s\n", what, about);
  exit(1);
}

static void check(GrB_Info info, const char *call) {
  if (info != GrB_SUCCESS) fail(call, "failed");
}

static void *allocate(size_t bytes) {
  void *memory = malloc(bytes > 0 ? bytes : 1);
  if (memory == NULL) fail("there is not", "enough memory");
  return memory;
}

/* The whole file; its length in items of `size` bytes goes to `count`. */
static void *contents(const char *path, size_t size, size_t *count) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) fail("cannot read", path);
  *count = (size_t)ftell(file) / size;
  rewind(file);
  void *items = allocate(*count * size);
  if (fread(items, size, *count, file) != *count) fail("cannot read", path);
  fclose(file);
  return items;
}

static GrB_Matrix pattern(const char *indptr_path, const char *indices_path, GrB_Index columns) {
  size_t pointers, entries;
  GrB_Index *indptr = contents(indptr_path, sizeof(GrB_Index), &pointers);
  int32_t *narrow = contents(indices_path, sizeof(int32_t), &entries);
  GrB_Index *indices = allocate(entries * sizeof(GrB_Index));
  bool *values = allocate(entries * sizeof(bool));
  for (size_t q = 0; q < entries; q++) {
    indices[q] = (GrB_Index)narrow[q];
    values[q] = true;
  }
  GrB_Matrix matrix;
  check(GrB_Matrix_import_BOOL(&matrix, GrB_BOOL, pointers - 1, columns, indptr, indices, values, pointers, entries,
                               entries, GrB_CSR_FORMAT),
        "GrB_Matrix_import");
  free(indptr);
  free(narrow);
  free(indices);
  free(values);
  return matrix;
}

static GrB_Matrix product(GrB_Matrix rows, GrB_Index columns) {
  GrB_Matrix pairs;
  check(GrB_Matrix_new(&pairs, GrB_INT32, columns, columns), "GrB_Matrix_new");
  check(GrB_mxm(pairs, GrB_NULL, GrB_NULL, GxB_PLUS_PAIR_INT32, rows, rows, GrB_DESC_T0), "GrB_mxm");
  check(GrB_Matrix_wait(pairs, GrB_COMPLETE), "GrB_Matrix_wait");
  return pairs;
}

static void write_out(GrB_Matrix pairs, GrB_Index columns) {
  GrB_Index pointers, entries, values;
  check(GrB_Matrix_exportSize(&pointers, &entries, &values, GrB_CSR_FORMAT, pairs), "GrB_Matrix_exportSize");
  GrB_Index *indptr = allocate(pointers * sizeof(GrB_Index));
  GrB_Index *indices = allocate(entries * sizeof(GrB_Index));
  int32_t *counts = allocate(values * sizeof(int32_t));
  check(GrB_Matrix_export_INT32(indptr, indices, counts, &pointers, &entries, &values, GrB_CSR_FORMAT, pairs),
        "GrB_Matrix_export");
  printf("%llu %llu\n", (unsigned long long)columns, (unsigned long long)entries);
  fwrite(indptr, sizeof *indptr, pointers, stdout);
  fwrite(indices, sizeof *indices, entries, stdout);
  fwrite(counts, sizeof *counts, values, stdout);
  free(indptr);
  free(indices);
  free(counts);
}

static void say(const char *word) {
  printf("%s\n", word);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc != 5) {
    printf("%s %d.%d.%d\n", GxB_IMPLEMENTATION_NAME, GxB_IMPLEMENTATION_MAJOR, GxB_IMPLEMENTATION_MINOR,
           GxB_IMPLEMENTATION_SUB);
    return 0;
  }
  GrB_Index columns = strtoull(argv[3], NULL, 10);
  check(GrB_init(GrB_NONBLOCKING), "GrB_init");
  check(GxB_set(GxB_NTHREADS, atoi(argv[4])), "GxB_set");
  GrB_Matrix rows = pattern(argv[1], argv[2], columns);
  say("ready");
  GrB_Matrix pairs = NULL;
  char line[16];
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strcmp(line, "run\n") == 0) {
      pairs = product(rows, columns);
      say("done");
    } else {
      write_out(pairs, columns);
      fflush(stdout);
      GrB_Matrix_free(&pairs);
    }
  }
  return 0;
}
