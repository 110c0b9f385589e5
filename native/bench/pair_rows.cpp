// Rows of pairs of terms.
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "../kernels/cooccurrence.hpp"
#include "../kernels/tfidf.hpp"
#include "../kernels/top_cooccurrences.hpp"
#include "../kernels/window_cooccurrence.hpp"
#include "matrices.hpp"
#include "rows.hpp"

namespace corpuscle::bench {
namespace {

/// Pairs that are counted and written as a sparse matrix.
template <class Pairs, class Value>
class SparsePairsTask : public Task {
 public:
  void digest(Digest& digest) const override { matrix_.digest(digest); }
  void clear() override {
    pairs_.reset();
    matrix_ = {};
  }

 protected:
  void write(Execution& run, std::int64_t terms) {
    matrix_ = {terms, pairs_->count(run)};
    pairs_->template write<std::int32_t>(run, matrix_.indptr, matrix_.indices, matrix_.values);
  }

  std::optional<Pairs> pairs_;

 private:
  Matrix<Value> matrix_;
};

class SparseCooccurrenceTask : public SparsePairsTask<Cooccurrence, std::int32_t> {
 public:
  SparseCooccurrenceTask(Execution& run, const Corpus& corpus, Keep keep = Keep::usual) : counts_(run, corpus.view(), keep) {}

  void run(Execution& run) override {
    pairs_.emplace(run, counts_.view(), false, true, Terms{0, counts_.columns});
    write(run, counts_.columns);
  }

 private:
  Counts counts_;
};

/// Few terms, many of them in each document: they are counted as bits.
class FrequentCooccurrenceTask : public SparseCooccurrenceTask {
 public:
  FrequentCooccurrenceTask(Execution& run, const Corpus& corpus) : SparseCooccurrenceTask(run, corpus, Keep::frequent) {}
};

class DenseCooccurrenceTask : public Task {
 public:
  DenseCooccurrenceTask(Execution& run, const Corpus& corpus) : counts_(run, corpus.view()) {}

  void run(Execution& run) override {
    pairs_.emplace(run, counts_.view(), true, true, Terms{0, counts_.columns});
    values_ = Array<std::int32_t>(counts_.columns * counts_.columns);
    pairs_->write_dense(run, values_);
  }
  void digest(Digest& digest) const override { digest.add<std::int32_t>(values_); }
  void clear() override {
    pairs_.reset();
    values_ = {};
  }

 private:
  Counts counts_;
  std::optional<Cooccurrence> pairs_;
  Array<std::int32_t> values_;
};

/// Five words on either side, weighed by 1 / distance.
class WindowTask : public SparsePairsTask<WindowCooccurrence, double> {
 public:
  WindowTask(Execution& run, const Corpus& corpus) : tokens_(run, corpus.view()) {}

  void run(Execution& run) override {
    static constexpr double numbers[] = {60, 30, 20, 15, 12};
    pairs_.emplace(run, tokens_.view(), Windowing{Weighing::whole, numbers, 60, Side::both, false}, true);
    write(run, tokens_.terms);
  }

 private:
  Tokens tokens_;
};

/// The ten best partners of each term by the log-likelihood ratio.
class TopCooccurrenceTask : public Task {
 public:
  TopCooccurrenceTask(Execution& run, const Corpus& corpus)
      : counts_(run, corpus.view()), terms_(static_cast<std::size_t>(counts_.columns)), frequency_(terms_.size()), logs_{0} {
    std::iota(terms_.begin(), terms_.end(), 0);
    document_frequency<std::int32_t>(run, counts_.view(), frequency_);
    for (std::int64_t n = 1; n <= counts_.rows; ++n) logs_.push_back(std::log(static_cast<double>(n)));
    for (const std::int32_t f : frequency_) term_parts_.push_back(times_log(f) + times_log(counts_.rows - f));
  }

  void run(Execution& run) override {
    const Scoring scoring{Score::llr, static_cast<double>(counts_.rows), frequency_, logs_, term_parts_, term_parts_, times_log(counts_.rows)};
    top_ = top_cooccurrences(run, counts_.view(), terms_, 10, 1, scoring);
  }
  void digest(Digest& digest) const override {
    digest.add<std::int32_t>(top_.partners);
    digest.add<std::int32_t>(top_.counts);
    digest.add<double>(top_.scores);
  }
  void clear() override { top_ = {}; }

 private:
  double times_log(std::int64_t n) const { return static_cast<double>(n) * logs_[static_cast<std::size_t>(n)]; }

  Counts counts_;
  std::vector<std::int32_t> terms_, frequency_;
  std::vector<double> logs_, term_parts_;
  TopPairs top_;
};

constexpr Row all[] = {
    {"cooccurrence", prepare<SparseCooccurrenceTask>},
    {"cooccurrence-frequent", prepare<FrequentCooccurrenceTask>},
    {"cooccurrence-dense", prepare<DenseCooccurrenceTask>},
    {"top-cooccurrence", prepare<TopCooccurrenceTask>},
    {"window", prepare<WindowTask>},
};

}  // namespace

std::span<const Row> pair_rows() { return all; }

}  // namespace corpuscle::bench
