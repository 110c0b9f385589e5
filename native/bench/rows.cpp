#include "rows.hpp"

#include <optional>
#include <vector>

#include "../kernels/cooccurrence.hpp"
#include "../kernels/kmeans.hpp"
#include "../kernels/splitmix64.hpp"
#include "../kernels/tfidf.hpp"
#include "../kernels/window_cooccurrence.hpp"
#include "matrices.hpp"

namespace corpuscle::bench {
namespace {

constexpr std::int64_t clusters = 50;
constexpr int seeding_trials = 5;  // 2 + ln(clusters), as the estimator has it

class CountsTask : public Task {
 public:
  CountsTask(Execution&, const Corpus& corpus) : corpus_(corpus) {}

  void run(Execution& run) override {
    counter_.emplace(Analysis{}, TextView{}, std::nullopt);
    counter_->add(run, corpus_.view());
    terms_ = counter_->statistics(run, false);
    counts_ = counter_->count(run, KeptTerms(terms_, corpus_.view().count(), Keep::usual).counting());
    matrix_ = {counts_.rows, counts_.nnz};
    counts_.write<std::int32_t>(run, matrix_.indptr, matrix_.indices, matrix_.values);
  }
  void digest(Digest& digest) const override {
    matrix_.digest(digest);
    digest.add<char>(terms_.bytes);
    digest.add<std::int64_t>(terms_.offsets);
    digest.add<std::int32_t>(terms_.document_frequency);
  }
  void clear() override {
    counter_.reset();
    terms_ = {};
    counts_ = {};
    matrix_ = {};
  }

 private:
  const Corpus& corpus_;
  std::optional<TermCounter> counter_;
  TermStatistics terms_;
  TermCounts counts_;
  Matrix<std::int32_t> matrix_;
};

class TfidfTask : public Task {
 public:
  TfidfTask(Execution& run, const Corpus& corpus) : counts_(run, corpus.view()), idf_(idf_of(run, counts_)) {}

  void run(Execution& run) override {
    weights_ = Array<double>(counts_.matrix.values.size());
    tfidf<std::int32_t>(run, counts_.view(), idf_, {}, Norm::l2, weights_);
  }
  void digest(Digest& digest) const override { digest.add<double>(weights_); }
  void clear() override { weights_ = {}; }

 private:
  Counts counts_;
  std::vector<double> idf_;
  Array<double> weights_;
};

class SparseCooccurrenceTask : public Task {
 public:
  SparseCooccurrenceTask(Execution& run, const Corpus& corpus, Keep keep = Keep::usual) : counts_(run, corpus.view(), keep) {}

  void run(Execution& run) override {
    pairs_.emplace(run, counts_.view(), false, true, Terms{0, counts_.columns});
    matrix_ = {counts_.columns, pairs_->count(run)};
    pairs_->write<std::int32_t>(run, matrix_.indptr, matrix_.indices, matrix_.values);
  }
  void digest(Digest& digest) const override { matrix_.digest(digest); }
  void clear() override {
    pairs_.reset();
    matrix_ = {};
  }

 private:
  Counts counts_;
  std::optional<Cooccurrence> pairs_;
  Matrix<std::int32_t> matrix_;
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
class WindowTask : public Task {
 public:
  WindowTask(Execution& run, const Corpus& corpus) : tokens_(run, corpus.view()) {}

  void run(Execution& run) override {
    static constexpr double numbers[] = {60, 30, 20, 15, 12};
    pairs_.emplace(run, tokens_.view(), Windowing{Weighing::whole, numbers, 60, Side::both, false}, true);
    matrix_ = {tokens_.terms, pairs_->count(run)};
    pairs_->write<std::int32_t>(run, matrix_.indptr, matrix_.indices, matrix_.values);
  }
  void digest(Digest& digest) const override { matrix_.digest(digest); }
  void clear() override {
    pairs_.reset();
    matrix_ = {};
  }

 private:
  Tokens tokens_;
  std::optional<WindowCooccurrence> pairs_;
  Matrix<double> matrix_;
};

Array<double> tfidf_of(Execution& run, const Counts& counts) {
  Array<double> weights(counts.matrix.values.size());
  tfidf<std::int32_t>(run, counts.view(), idf_of(run, counts), {}, Norm::l2, weights);
  return weights;
}

/// k-means on TF-IDF weights, with centers that one iteration has moved away from the rows that they started from.
class KMeansTask : public Task {
 protected:
  KMeansTask(Execution& run, const Corpus& corpus) : weights_(static_cast<std::size_t>(clusters)) {
    const Counts counts(run, corpus.view());
    const Array<double> weights = tfidf_of(run, counts);
    model_.load(run, counts.view_of<double>(weights), {});
    std::vector<std::int32_t> start;
    for (std::int64_t j = 0; j < clusters; ++j) start.push_back(static_cast<std::int32_t>(j * (counts.rows / clusters)));
    model_.set_centers_from_rows(run, start);
    model_.assign(run);
    move_centers(run);
    model_.assign(run);
  }
  void move_centers(Execution& run) {
    model_.sum(run, weights_);
    model_.average(run, weights_);
  }

  KMeans model_;
  std::vector<double> weights_;
};

class KMeansAssignTask : public KMeansTask {
 public:
  KMeansAssignTask(Execution& run, const Corpus& corpus) : KMeansTask(run, corpus) {}

  void run(Execution& run) override { model_.assign(run); }
  void digest(Digest& digest) const override { digest.add(model_.labels()); }
};

class KMeansSumTask : public KMeansTask {
 public:
  KMeansSumTask(Execution& run, const Corpus& corpus) : KMeansTask(run, corpus) {}

  void run(Execution& run) override {
    const std::int32_t label = model_.labels()[0];
    model_.move(0, label, label);  // sums are made anew
    move_centers(run);
  }
  void digest(Digest& digest) const override {
    const Array<double> centers(model_.clusters() * model_.columns());
    Execution run(1, nullptr, 0);
    model_.centers(run, centers);
    digest.add<double>(centers);
  }
};

/// One row in thirty changes its cluster, and changes back.
class KMeansMoveTask : public Task {
 public:
  KMeansMoveTask(Execution& run, const Corpus& corpus) : counts_(run, corpus.view()), weights_(tfidf_of(run, counts_)) {
    for (std::int64_t q = 0; q < counts_.matrix.indices.size(); ++q) indices_.push_back(static_cast<std::uint32_t>(counts_.matrix.indices[q]));
    columns_ = columns_of(run, view());
    for (std::int64_t row = 0; row < counts_.rows; ++row) labels_.push_back(static_cast<std::int32_t>(row % clusters));
    sums_.resize(counts_.columns, padded_clusters(clusters));
    sums_.sum(run, source(), labels_);
  }

  void run(Execution& run) override {
    for (const std::int32_t change : {1, -1}) {
      for (std::size_t row = 0; row < labels_.size(); row += 30) labels_[row] = static_cast<std::int32_t>((labels_[row] + change + clusters) % clusters);
      sums_.sum(run, source(), labels_);
    }
  }
  void digest(Digest& digest) const override { digest.add<double>(std::span(sums_.of(0), sums_.of(counts_.columns))); }

 private:
  CsrView<std::uint32_t, double> view() const { return {counts_.rows, counts_.columns, counts_.indptr, indices_, weights_}; }
  MovingSums::Source<std::uint32_t> source() const { return {view(), &columns_, {}}; }

  Counts counts_;
  Array<double> weights_;
  std::vector<std::uint32_t> indices_;
  Columns columns_;
  std::vector<std::int32_t> labels_;
  MovingSums sums_;
};

class KMeansSeedingTask : public KMeansTask {
 public:
  KMeansSeedingTask(Execution& run, const Corpus& corpus) : KMeansTask(run, corpus) {}

  void run(Execution& run) override {
    std::vector<double> draws((clusters - 1) * seeding_trials);
    for (std::uint64_t place = 0; place < draws.size(); ++place) draws[place] = static_cast<double>(splitmix64(place) >> 11) * 0x1p-53;
    seeds_ = model_.seed(run, 0, seeding_trials, draws);
  }
  void digest(Digest& digest) const override {
    const std::vector<std::int64_t> rows(seeds_.begin(), seeds_.end());
    digest.add<std::int64_t>(rows);
  }

 private:
  std::vector<std::int32_t> seeds_;
};

template <class T>
std::unique_ptr<Task> prepare(Execution& run, const Corpus& corpus) {
  return std::make_unique<T>(run, corpus);
}

constexpr Row all[] = {
    {"counts", prepare<CountsTask>},
    {"tfidf", prepare<TfidfTask>},
    {"cooccurrence", prepare<SparseCooccurrenceTask>},
    {"cooccurrence-frequent", prepare<FrequentCooccurrenceTask>},
    {"cooccurrence-dense", prepare<DenseCooccurrenceTask>},
    {"window", prepare<WindowTask>},
    {"kmeans-assign", prepare<KMeansAssignTask>},
    {"kmeans-sum", prepare<KMeansSumTask>},
    {"kmeans-move", prepare<KMeansMoveTask>},
    {"kmeans-seeding", prepare<KMeansSeedingTask>},
};

}  // namespace

std::span<const Row> rows() { return all; }

}  // namespace corpuscle::bench
