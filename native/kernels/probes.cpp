#include "probes.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "splitmix64.hpp"

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace corpuscle {
namespace {

constexpr std::int64_t kib = 1 << 10, mib = 1 << 20;
constexpr std::int64_t big = 128 * mib;  // more than the last-level cache of most machines

/// Room for `count` items, taken of the budget and not cleared.
template <class T>
std::unique_ptr<T[]> room(Execution& run, std::int64_t count) {
  run.take(static_cast<double>(sizeof(T)) * static_cast<double>(count));
  return std::make_unique_for_overwrite<T[]>(static_cast<std::size_t>(count));
}

/// Tells the compiler that a value is used.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

template <class Body>
double seconds_of(const Body& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The best rate of passes that each do `amount` of work and return their seconds; at least three of them are counted.
template <class Pass>
double best_rate(double amount, double seconds, const Pass& pass) {
  pass();
  double best = std::numeric_limits<double>::infinity(), spent = 0;
  for (int passes = 0; passes < 3 || spent < seconds; ++passes) {
    const double taken = pass();
    best = std::min(best, taken);
    spent += taken;
  }
  return amount / best;
}

double stream(Execution& run, const ProbeRequest& request) {
  const auto from = room<char>(run, big), to = room<char>(run, big);
  const Blocks blocks{big, mib};
  parallel_chunks(run, blocks.count(), [&](std::int64_t b, int) { std::memset(from.get() + blocks.begin(b), 1, mib); });
  return best_rate(2.0 * big, request.seconds, [&] {
    return seconds_of([&] {
      parallel_chunks(run, blocks.count(), [&](std::int64_t b, int) {
        std::memcpy(to.get() + blocks.begin(b), from.get() + blocks.begin(b), mib);
        keep(to[blocks.begin(b)]);
      });
    });
  });
}

/// Pages that nobody has touched; malloc might hand out again what was freed.
class FreshPages {
 public:
#if __has_include(<sys/mman.h>)
  FreshPages() : data_(mmap(nullptr, big, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    if (data_ == MAP_FAILED) throw std::bad_alloc();
  }
  ~FreshPages() { munmap(data_, big); }
#else
  FreshPages() : data_(std::malloc(big)) {
    if (data_ == nullptr) throw std::bad_alloc();
  }
  ~FreshPages() { std::free(data_); }
#endif
  FreshPages(const FreshPages&) = delete;
  FreshPages& operator=(const FreshPages&) = delete;

  char* data() const { return static_cast<char*>(data_); }

 private:
  void* data_;
};

double first_touch(Execution& run, const ProbeRequest& request) {
  run.take(big);
  const Blocks blocks{big, mib};
  return best_rate(big, request.seconds, [&] {
    const FreshPages pages;
    return seconds_of([&] {
      parallel_chunks(run, blocks.count(), [&](std::int64_t b, int) {
        std::memset(pages.data() + blocks.begin(b), 1, mib);
        keep(pages.data()[blocks.begin(b)]);
      });
    });
  });
}

double read_modify_write(Execution& run, const ProbeRequest& request) {
  constexpr std::int64_t n_counts = 32 * kib, n_ids = 8 * mib, chunks_a_thread = 256;
  const Blocks blocks{n_ids, 16 * kib};
  const auto ids = room<std::uint16_t>(run, n_ids);
  parallel_chunks(run, blocks.count(), [&](std::int64_t b, int) {
    for (std::int64_t i = blocks.begin(b); i < blocks.end(b); ++i) {
      ids[i] = static_cast<std::uint16_t>(below(n_counts, splitmix64(static_cast<std::uint64_t>(i))));
    }
  });
  run.take(4.0 * n_counts * run.threads());
  std::vector<std::vector<std::int32_t>> counts_of(static_cast<std::size_t>(run.threads()));
  for (auto& own : counts_of) own.assign(n_counts, 0);
  const std::int64_t chunks = chunks_a_thread * run.threads();
  return best_rate(static_cast<double>(chunks * blocks.size), request.seconds, [&] {
    return seconds_of([&] {
      parallel_chunks(run, chunks, [&](std::int64_t chunk, int thread) {
        std::int32_t* const counts = counts_of[thread].data();
        const std::uint16_t* id = ids.get() + blocks.begin(chunk % blocks.count());
        for (const std::uint16_t* const end = id + blocks.size; id != end; id += 4) {
          ++counts[id[0]];
          ++counts[id[1]];
          ++counts[id[2]];
          ++counts[id[3]];
        }
        keep(counts[0]);
      });
    });
  });
}

unsigned is_ascii_word(unsigned char c) {
  const auto from = [c](char first) { return static_cast<unsigned char>(c - first); };
  const auto from_a = static_cast<unsigned char>((c | 0x20) - 'a');
  return (from_a < 26) | (from('0') < 10) | (c == '_');
}

/// How many words start in 64 bytes; the byte before them is read, too. Without branches, for the compiler to vectorize.
unsigned word_starts(const unsigned char* text) {
  unsigned char starts = 0;
  for (int i = 0; i < 64; ++i) starts += static_cast<unsigned char>(is_ascii_word(text[i]) & ~is_ascii_word(text[i - 1]));
  return starts;
}

double byte_classification(Execution& run, const ProbeRequest& request) {
  constexpr std::int64_t size = mib, chunks_a_thread = 16;
  const auto texts = room<unsigned char>(run, size * run.threads());
  for (std::int64_t i = 0; i < size * run.threads(); ++i) {
    texts[i] = static_cast<unsigned char>(' ' + below(95, splitmix64(static_cast<std::uint64_t>(i))));
  }
  const std::int64_t chunks = chunks_a_thread * run.threads();
  return best_rate(static_cast<double>(chunks * size), request.seconds, [&] {
    return seconds_of([&] {
      parallel_chunks(run, chunks, [&](std::int64_t, int thread) {
        const unsigned char* const text = texts.get() + size * thread;
        std::int64_t starts = 0;
        for (std::int64_t at = 64; at < size; at += 64) starts += word_starts(text + at);
        keep(starts);
      });
    });
  });
}

/// A line of the cache. Its words are added as whole numbers: quick enough that reading them is what is measured.
struct alignas(64) Line {
  std::array<std::uint64_t, 8> words;
};

double random_rows(Execution& run, const ProbeRequest& request) {
  constexpr std::int64_t n_draws = mib, chunk_bytes = mib, chunks_a_thread = 64, bytes_ahead = 8 * kib;
  const std::int64_t lines = request.row_bytes / 64;
  const std::int64_t rows = std::max<std::int64_t>(1, request.table_bytes / request.row_bytes);
  const std::int64_t ahead = std::max<std::int64_t>(1, bytes_ahead / request.row_bytes);  // of the row added, prefetched
  const auto table = room<Line>(run, rows * lines);
  const Blocks blocks{rows * lines, mib / 64};
  parallel_chunks(run, blocks.count(), [&](std::int64_t b, int) {
    std::fill(table.get() + blocks.begin(b), table.get() + blocks.end(b), Line{});
  });
  const auto draws = room<std::uint32_t>(run, n_draws + ahead);
  const auto limit = static_cast<std::uint64_t>(rows);
  for (std::int64_t i = 0; i < n_draws + ahead; ++i) {
    draws[i] = static_cast<std::uint32_t>(below(limit, splitmix64(static_cast<std::uint64_t>(i))));
  }
  const Blocks pieces{n_draws, std::max<std::int64_t>(1, chunk_bytes / request.row_bytes)};
  const std::int64_t chunks = chunks_a_thread * run.threads(), whole_pieces = n_draws / pieces.size;
  return best_rate(static_cast<double>(chunks * pieces.size * request.row_bytes), request.seconds, [&] {
    return seconds_of([&] {
      parallel_chunks(run, chunks, [&](std::int64_t chunk, int) {
        const std::uint32_t* draw = draws.get() + pieces.begin(chunk % whole_pieces);
        Line sums{};
        for (const std::uint32_t* const end = draw + pieces.size; draw != end; ++draw) {
          const Line* const row = table.get() + draw[0] * lines;
          const Line* const next = table.get() + draw[ahead] * lines;
          for (std::int64_t line = 0; line < lines; ++line) {
            __builtin_prefetch(next + line);
            for (std::size_t word = 0; word < 8; ++word) sums.words[word] += row[line].words[word];
          }
        }
        keep(sums);
      });
    });
  });
}

constexpr Probe all[] = {
    {"stream", "bytes", stream},
    {"firstTouch", "bytes", first_touch},
    {"readModifyWrite", "updates", read_modify_write},
    {"byteClassification", "bytes", byte_classification},
    {"randomRows", "bytes", random_rows},
};

}  // namespace

std::span<const Probe> probes() { return all; }

}  // namespace corpuscle
