// Rows of clustering.
#include <vector>

#include "../kernels/kmeans.hpp"
#include "../kernels/mini_batch.hpp"
#include "../kernels/silhouette.hpp"
#include "../kernels/splitmix64.hpp"
#include "../kernels/tfidf.hpp"
#include "matrices.hpp"
#include "measure.hpp"
#include "rows.hpp"

namespace corpuscle::bench {
namespace {

constexpr std::int64_t clusters = 50;
constexpr int seeding_trials = 5;  // 2 + ln(clusters), as the estimator has it

Array<double> tfidf_of(Execution& run, const Counts& counts) {
  Array<double> weights(counts.matrix.values.size());
  tfidf<std::int32_t>(run, counts.view(), idf_of(run, counts), {}, Norm::l2, weights);
  return weights;
}

/// A number from 0 to below 1 for each place.
double draw(std::uint64_t place) { return static_cast<double>(splitmix64(place) >> 11) * 0x1p-53; }

/// `clusters` rows at even distances.
std::vector<std::int32_t> spaced_rows(std::int64_t rows) {
  std::vector<std::int32_t> spaced;
  for (std::int64_t j = 0; j < clusters; ++j) spaced.push_back(static_cast<std::int32_t>(j * (rows / clusters)));
  return spaced;
}

/// k-means on TF-IDF weights, with centers that one iteration has moved away from the rows that they started from.
class KMeansTask : public Task {
 protected:
  KMeansTask(Execution& run, const Corpus& corpus) : weights_(static_cast<std::size_t>(clusters)) {
    const Counts counts(run, corpus.view());
    const Array<double> weights = tfidf_of(run, counts);
    model_.load(run, counts.view_of<double>(weights), {});
    model_.set_centers_from_rows(run, spaced_rows(counts.rows));
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

/// Rows without a label, each of which is compared with all centers.
class KMeansAssignTask : public KMeansTask {
 public:
  KMeansAssignTask(Execution& run, const Corpus& corpus) : KMeansTask(run, corpus), centers_(clusters * model_.columns()) {
    model_.centers(run, centers_);
  }

  void run(Execution& run) override { model_.assign(run); }
  void digest(Digest& digest) const override { digest.add(model_.labels()); }
  void clear() override {
    Execution run(1, nullptr, no_budget);
    model_.set_centers(run, clusters, centers_);
  }

 private:
  Array<double> centers_;
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
    Execution run(1, nullptr, no_budget);
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
    for (std::uint64_t place = 0; place < draws.size(); ++place) draws[place] = draw(place);
    seeds_ = model_.seed(run, 0, seeding_trials, draws);
  }
  void digest(Digest& digest) const override {
    const std::vector<std::int64_t> rows(seeds_.begin(), seeds_.end());
    digest.add<std::int64_t>(rows);
  }

 private:
  std::vector<std::int32_t> seeds_;
};

/// Rows of 128 numbers, as embeddings are; as many as the corpus has.
class KMeansFullTask : public Task {
 public:
  KMeansFullTask(Execution& run, const Corpus& corpus) {
    constexpr std::int64_t columns = 128;
    const std::int64_t rows = corpus.view().count();
    std::vector<std::int64_t> indptr;
    for (std::int64_t row = 0; row <= rows; ++row) indptr.push_back(row * columns);
    LargeVector<float> values(static_cast<std::size_t>(rows * columns));
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t topic = i / columns % clusters;  // near one of as many points
      values[i] = static_cast<float>(draw(topic * columns + i % columns) + 0.5 * draw(i + 1'000'000));
    }
    const std::span<const float> all(values);
    model_.load<float>(run, {rows, columns, indptr, {}, all}, {});
  }

  void run(Execution& run) override {
    std::vector<double> weights(static_cast<std::size_t>(clusters));
    model_.assign(run);
    model_.sum(run, weights);
    model_.average(run, weights);
  }
  void digest(Digest& digest) const override { digest.add(model_.labels()); }
  void clear() override {
    Execution run(1, nullptr, no_budget);
    model_.set_centers_from_rows(run, spaced_rows(model_.rows()));
  }

 private:
  KMeans model_;
};

/// Eight steps of 256 rows.
class MiniBatchTask : public Task {
 public:
  MiniBatchTask(Execution& run, const Corpus& corpus) : counts_(run, corpus.view()), weights_(tfidf_of(run, counts_)) {
    model_.load<double>(run, counts_.view_of<double>(weights_), {});
  }

  void run(Execution& run) override {
    std::vector<double> batch_weights(clusters), all_weights(clusters);
    for (std::uint64_t step = 0; step < 8; ++step) {
      std::vector<std::int32_t> batch;
      for (std::uint64_t i = 0; i < 256; ++i) batch.push_back(static_cast<std::int32_t>(draw(step * 256 + i) * static_cast<double>(counts_.rows)));
      model_.assign(run, batch, batch_weights);
      for (std::int64_t j = 0; j < clusters; ++j) all_weights[j] += batch_weights[j];
      model_.update(run, all_weights, {}, {});
    }
  }
  void digest(Digest& digest) const override {
    const Array<double> sums(clusters * counts_.columns);
    Execution run(1, nullptr, no_budget);
    model_.sums(run, sums);
    digest.add<double>(sums);
  }
  void clear() override {
    Execution run(1, nullptr, no_budget);
    model_.set_centers_from_rows(run, spaced_rows(counts_.rows));
  }

 private:
  Counts counts_;
  Array<double> weights_;
  MiniBatch model_;
};

/// Of all rows, by cosine.
class SilhouetteTask : public Task {
 public:
  SilhouetteTask(Execution& run, const Corpus& corpus) : counts_(run, corpus.view()), weights_(tfidf_of(run, counts_)), out_(counts_.rows) {
    for (std::int64_t row = 0; row < counts_.rows; ++row) {
      labels_.push_back(static_cast<std::int32_t>(row % clusters));
      rows_.push_back(static_cast<std::int32_t>(row));
    }
  }

  void run(Execution& run) override {
    silhouette(run, counts_.view_of<double>(weights_), Clustering{labels_, clusters}, SilhouetteMetric::cosine, rows_, out_);
  }
  void digest(Digest& digest) const override { digest.add<double>(out_); }

 private:
  Counts counts_;
  Array<double> weights_, out_;
  std::vector<std::int32_t> labels_, rows_;
};

constexpr Row all[] = {
    {"kmeans-assign", prepare<KMeansAssignTask>},
    {"kmeans-sum", prepare<KMeansSumTask>},
    {"kmeans-move", prepare<KMeansMoveTask>},
    {"kmeans-seeding", prepare<KMeansSeedingTask>},
    {"kmeans-full", prepare<KMeansFullTask>},
    {"mini-batch", prepare<MiniBatchTask>},
    {"silhouette", prepare<SilhouetteTask>},
};

}  // namespace

std::span<const Row> cluster_rows() { return all; }

}  // namespace corpuscle::bench
