// The n-th allocation fails, for every n, in every kernel (as SQLite is tested): each time the kernel throws std::bad_alloc and
// nothing else, all memory is given back, and the next call gives the right answer.
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <new>
#include <numeric>
#include <string>
#include <vector>

#include "../../kernels/cooccurrence.hpp"
#include "../../kernels/dispersion.hpp"
#include "../../kernels/kmeans.hpp"
#include "../../kernels/mini_batch.hpp"
#include "../../kernels/silhouette.hpp"
#include "../../kernels/term_counter.hpp"
#include "../../kernels/tfidf.hpp"
#include "../../kernels/top_cooccurrences.hpp"
#include "../../kernels/window_cooccurrence.hpp"

namespace {

std::atomic<std::int64_t> calls{0};    // allocations since the last reset
std::atomic<std::int64_t> fails_at{0};  // which of them fails; 0: none
std::atomic<std::int64_t> live{0};     // blocks that are not given back

bool fails() { return calls.fetch_add(1) + 1 == fails_at.load(); }

void* counted(void* memory) {
  if (memory != nullptr) live.fetch_add(1);
  return memory;
}

void* allocate(std::size_t bytes, std::size_t alignment) {
  if (fails()) return nullptr;
  if (alignment <= alignof(std::max_align_t)) return counted(std::malloc(bytes == 0 ? 1 : bytes));
  return counted(std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment));
}

void* or_throw(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void give_back(void* memory) {
  if (memory == nullptr) return;
  live.fetch_sub(1);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t n) { return or_throw(allocate(n, 1)); }
void* operator new[](std::size_t n) { return or_throw(allocate(n, 1)); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return allocate(n, 1); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return allocate(n, 1); }
void* operator new(std::size_t n, std::align_val_t a) { return or_throw(allocate(n, static_cast<std::size_t>(a))); }
void* operator new[](std::size_t n, std::align_val_t a) { return or_throw(allocate(n, static_cast<std::size_t>(a))); }
void operator delete(void* p) noexcept { give_back(p); }
void operator delete[](void* p) noexcept { give_back(p); }
void operator delete(void* p, std::size_t) noexcept { give_back(p); }
void operator delete[](void* p, std::size_t) noexcept { give_back(p); }
void operator delete(void* p, std::align_val_t) noexcept { give_back(p); }
void operator delete[](void* p, std::align_val_t) noexcept { give_back(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { give_back(p); }

namespace corpuscle {
namespace {

/// FNV-1a over the bytes of results.
struct Digest {
  std::uint64_t value = 1469598103934665603u;
  template <class Array>
  void add(const Array& array) {
    const auto* const bytes = reinterpret_cast<const unsigned char*>(array.data());
    for (std::size_t i = 0; i < array.size() * sizeof(array[0]); ++i) value = (value ^ bytes[i]) * 1099511628211u;
  }
};

/// By default 130 rows x 90 columns, denser to the left, with some stored zeros.
template <class Value>
struct Example {
  std::int64_t rows, columns;
  std::vector<std::int64_t> indptr{0};
  std::vector<std::int32_t> indices;
  std::vector<Value> values;
  explicit Example(std::int64_t rows = 130, std::int64_t columns = 90, std::uint32_t least = 0) : rows(rows), columns(columns) {
    std::uint32_t state = 7;
    const auto random = [&] { return state = state * 1664525u + 1013904223u, state >> 16; };
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int32_t column = 0; column < columns; ++column) {
        if (random() % 100 >= least + static_cast<std::uint32_t>(columns - column) / 3) continue;
        indices.push_back(column);
        values.push_back(static_cast<Value>(random() % 5));
      }
      indptr.push_back(static_cast<std::int64_t>(indices.size()));
    }
  }
  CsrView<std::int32_t, Value> view() const { return {rows, columns, indptr, indices, values}; }
};

struct Texts {
  std::string bytes;
  std::vector<std::int64_t> offsets{0};
  Texts() {
    for (int d = 0; d < 150; ++d) {
      for (int w = 0; w < 12; ++w) bytes += "w\xc3\xa9rd" + std::to_string((d * 37 + w * 101) % (d + 5)) + (w % 5 == 0 ? "  " : " ");
      offsets.push_back(static_cast<std::int64_t>(bytes.size()));
    }
  }
  TextView view() const { return {bytes, offsets}; }
};

const Example<double> weights;
const Example<float> embeddings(130, 90, 100);  // all cells
const Example<std::int32_t> counts;
const Example<std::int32_t> many_words(40, 600, 0);
const Texts texts;

std::uint64_t check(Execution& run) {
  check_csr(run, weights.view());
  return 1;
}

std::uint64_t sparse_pairs(Execution& run) {
  Cooccurrence pairs(run, counts.view(), true, true, {0, counts.columns});
  const auto nnz = static_cast<std::size_t>(pairs.count(run));
  std::vector<std::int32_t> indptr(91), indices(nnz), values(nnz);
  pairs.write<std::int32_t>(run, indptr, indices, values);
  Digest digest;
  digest.add(indptr);
  digest.add(indices);
  digest.add(values);
  return digest.value;
}

/// 512 terms are bits, the others ids, of which the rarest are noted one by one.
std::uint64_t pairs_by_bits(Execution& run) {
  PairRows rows(run, many_words.view(), Reach::from_term, {0, many_words.columns}, Bits::always);
  rows.prepare(run);
  PairCounts sums(many_words.columns);
  Digest digest;
  for (std::int64_t term = 0; term < many_words.columns; ++term) {
    rows.count(term, sums);
    digest.add(sums.sparse ? sums.met : std::vector<std::uint32_t>{});
    sums.visit([&](auto& numbers) {
      digest.add(numbers);
      std::fill(numbers.begin(), numbers.end(), 0);
    });
  }
  return digest.value;
}

std::uint64_t dense_pairs(Execution& run) {
  std::vector<std::int32_t> dense(90 * 90, 0);
  Cooccurrence(run, counts.view(), false, true, {0, counts.view().columns}).write_dense(run, dense);
  Digest digest;
  digest.add(dense);
  return digest.value;
}

Scoring scoring(const std::vector<std::int32_t>& frequency, const std::vector<double>& zeros) {
  return {Score::jaccard, 130, frequency, {}, zeros, zeros, 0};
}

std::uint64_t best_pairs(Execution& run) {
  std::vector<std::int32_t> frequency(90, 0), terms(90);
  document_frequency(run, counts.view(), std::span(frequency));
  std::iota(terms.begin(), terms.end(), 0);
  const std::vector<double> zeros(90, 0);
  const TopPairs top = top_cooccurrences(run, counts.view(), terms, 5, 1, scoring(frequency, zeros));
  Digest digest;
  digest.add(top.partners);
  digest.add(top.scores);
  return digest.value;
}

std::uint64_t weigh(Execution& run) {
  std::vector<double> out(weights.values.size()), idf(90, 1.5);
  tfidf(run, weights.view(), idf, {}, Norm::l2, out);
  Digest digest;
  digest.add(out);
  return digest.value;
}

template <class Value>
std::uint64_t cluster(Execution& run, const CsrView<std::int32_t, Value>& rows) {
  KMeans model;
  model.load(run, rows, {});
  const double spread = model.mean_variance(run);
  const std::vector<std::int32_t> seeds = model.seed(run, 3, 2, std::vector<double>{0.2, 0.7, 0.4, 0.9});
  model.set_centers_from_rows(run, seeds);
  std::vector<double> sums(3), distances(130), all(130 * 3), centers(3 * 90);
  for (int i = 0; i < 3; ++i) {
    model.assign(run);
    model.sum(run, sums);
    model.average(run, sums);
  }
  model.assign(run);
  model.distances(run, distances);
  model.transform(run, all);
  model.centers(run, centers);
  model.set_centers(run, 3, centers);
  Digest digest;
  digest.add(distances);
  digest.add(all);
  digest.add(centers);
  digest.add(std::vector<double>{spread});
  digest.add(seeds);
  return digest.value;
}

std::uint64_t cluster_by_batches(Execution& run) {
  MiniBatch model;
  model.load(run, counts.view(), {});
  model.set_centers_from_rows(run, std::vector<std::int32_t>{3, 50, 80});
  std::vector<std::int32_t> batch(130);
  std::iota(batch.begin(), batch.end(), 0);
  std::vector<double> added(3), sums(3 * 90);
  Digest digest;
  for (int step = 0; step < 2; ++step) {
    digest.add(std::vector<double>{model.assign(run, batch, added), model.update(run, added, std::vector<std::int32_t>{1}, std::vector<std::int32_t>{7})});
  }
  model.settle(run);
  model.sums(run, sums);
  digest.add(sums);
  model.set_sums(run, 3, sums, added);
  return digest.value;
}

std::uint64_t judge_clusters(Execution& run) {
  std::vector<std::int32_t> labels(130), sample(130);
  std::iota(sample.begin(), sample.end(), 0);
  for (int row = 0; row < 130; ++row) labels[row] = row * 7 % 3;
  std::vector<double> out(130), to_center(130), to_mean(3), between(9);
  Digest digest;
  for (const auto metric : {SilhouetteMetric::cosine, SilhouetteMetric::squared_euclidean, SilhouetteMetric::euclidean}) {
    silhouette(run, weights.view(), {labels, 3}, metric, sample, out);
    digest.add(out);
  }
  dispersion(run, weights.view(), {labels, 3}, to_center, to_mean, between);
  digest.add(to_center);
  digest.add(to_mean);
  digest.add(between);
  return digest.value;
}

std::uint64_t window_pairs(Execution& run) {
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> ids;
  for (int d = 0; d < 40; ++d) {
    for (int at = 0; at < 30; ++at) ids.push_back((d * 13 + at * 29) % 70 - 1);
    offsets.push_back(static_cast<std::int64_t>(ids.size()));
  }
  const std::vector<double> numbers{3, 2, 1};
  std::vector<std::int32_t> terms(69);
  std::iota(terms.begin(), terms.end(), 0);
  Digest digest;
  for (const Weighing weighing : {Weighing::whole, Weighing::fractions, Weighing::each}) {
    WindowCooccurrence pairs(run, {69, offsets, ids}, {weighing, numbers, 3, Side::both, weighing == Weighing::each}, true);
    const auto nnz = static_cast<std::size_t>(pairs.count(run));
    std::vector<std::int32_t> indptr(70), indices(nnz);
    std::vector<double> values(nnz), dense(69 * 69, 0);
    pairs.write<std::int32_t>(run, indptr, indices, values);
    pairs.write_dense(run, dense);
    digest.add(indices);
    digest.add(values);
    digest.add(dense);
    digest.add(pairs.top(run, terms, 4).weights);
  }
  return digest.value;
}

std::uint64_t count_terms(Execution& run, const Analysis& analysis, std::optional<TextView> vocabulary) {
  const std::string stop = "w\xc3\xa9rd1";
  const std::vector<std::int64_t> stop_offsets{0, static_cast<std::int64_t>(stop.size())};
  TermCounter counter(analysis, {stop, stop_offsets}, vocabulary);
  counter.add(run, texts.view());
  counter.add(run, texts.view());
  Digest digest;
  std::int64_t n = vocabulary ? vocabulary->count() : 0;
  if (!vocabulary) {
    const TermStatistics terms = counter.statistics(run, true);
    digest.add(terms.bytes);
    digest.add(terms.document_frequency);
    digest.add(terms.totals);
    n = static_cast<std::int64_t>(terms.document_frequency.size());
  }
  std::vector<std::int32_t> columns(static_cast<std::size_t>(n));
  std::iota(columns.begin(), columns.end(), 0);
  const TermCounts found = counter.count(run, {columns, n, false});
  std::vector<std::int32_t> indptr(static_cast<std::size_t>(found.rows) + 1), indices(static_cast<std::size_t>(found.nnz)), values(indices);
  found.write<std::int32_t>(run, indptr, indices, values);
  digest.add(indptr);
  digest.add(indices);
  digest.add(values);
  if (vocabulary) return digest.value;
  const TermCounts hashed = counter.count_hashed(run, {50, true, false});
  std::vector<double> scaled(static_cast<std::size_t>(hashed.nnz));
  hashed.write_scaled<std::int32_t>(run, Norm::l2, indptr, std::span(indices).first(scaled.size()), scaled);
  digest.add(scaled);
  return digest.value;
}

/// The kernels: a new one takes a line here.
const std::vector<std::pair<const char*, std::function<std::uint64_t(Execution&)>>> kernels{
    {"check_csr", check},
    {"co-occurrence, sparse", sparse_pairs},
    {"co-occurrence, by bits", pairs_by_bits},
    {"co-occurrence, dense", dense_pairs},
    {"best pairs", best_pairs},
    {"tf-idf", weigh},
    {"k-means", [](Execution& run) { return cluster(run, weights.view()); }},
    {"k-means of dense rows", [](Execution& run) { return cluster(run, embeddings.view()); }},
    {"k-means by batches", cluster_by_batches},
    {"silhouettes and dispersion", judge_clusters},
    {"windows", window_pairs},
    {"words", [](Execution& run) { return count_terms(run, {}, std::nullopt); }},
    {"pairs of words, without accents", [](Execution& run) { return count_terms(run, {{true, Accents::strip}, Unit::word, 1, 2}, std::nullopt); }},
    {"characters", [](Execution& run) { return count_terms(run, {{}, Unit::character_in_word, 2, 3}, std::nullopt); }},
    {"a given vocabulary", [](Execution& run) { return count_terms(run, {}, texts.view()); }},
};

/// Returns how many allocations failed, or -1 where the kernel did not survive one as it should.
std::int64_t fail_each(const char* name, const std::function<std::uint64_t(Execution&)>& kernel, int threads) {
  const auto once = [&] {
    Execution run(threads, nullptr, 1e12);
    return kernel(run);
  };
  const auto bad = [&](std::int64_t n, const std::string& why) {
    std::printf("FAILED   %s on %d threads, allocation %lld: %s\n", name, threads, static_cast<long long>(n), why.c_str());
    return -1;
  };
  once();  // what is made once and kept, such as a team of threads
  const std::uint64_t wanted = once();
  for (std::int64_t n = 1;; ++n) {
    const std::int64_t before = live;
    calls = 0;
    fails_at = n;
    bool threw = false;
    std::uint64_t found = 0;
    try {
      found = once();
    } catch (const std::bad_alloc&) {
      threw = true;
    } catch (...) {
      fails_at = 0;
      return bad(n, "another error was thrown");
    }
    fails_at = 0;
    const bool reached = calls >= n;
    if (live != before) return bad(n, std::to_string(live - before) + " blocks were not given back");
    if (!threw && found != wanted) return bad(n, "the answer is another one");
    if (once() != wanted) return bad(n, "the next call gives another answer");
    if (!reached) return n - 1;
  }
}

}  // namespace
}  // namespace corpuscle

int main() {
  std::int64_t total = 0;
  int failed = 0;
  for (const auto& [name, kernel] : corpuscle::kernels) {
    for (const int threads : {1, 2}) {
      const std::int64_t faults = corpuscle::fail_each(name, kernel, threads);
      if (faults < 0) {
        ++failed;
      } else {
        total += faults;
        std::printf("ok       %s on %d threads: %lld allocations failed\n", name, threads, static_cast<long long>(faults));
      }
    }
  }
  std::printf("%lld allocations failed, %d kernels with them\n", static_cast<long long>(total), failed);
  return failed == 0 ? 0 : 1;
}
