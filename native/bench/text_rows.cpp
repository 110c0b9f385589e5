// Rows of text to counts and weights.
#include <optional>

#include "../kernels/tfidf.hpp"
#include "matrices.hpp"
#include "rows.hpp"

namespace corpuscle::bench {
namespace {

class CountsTask : public Task {
 public:
  CountsTask(Execution&, const Corpus& corpus, const Analysis& analysis = {}) : corpus_(corpus), analysis_(analysis) {}

  void run(Execution& run) override {
    counter_.emplace(analysis_, TextView{}, std::nullopt);
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
  Analysis analysis_;
  std::optional<TermCounter> counter_;
  TermStatistics terms_;
  TermCounts counts_;
  Matrix<std::int32_t> matrix_;
};

/// Words and pairs of neighbouring words.
class BigramsTask : public CountsTask {
 public:
  BigramsTask(Execution& run, const Corpus& corpus) : CountsTask(run, corpus, {{}, Unit::word, 1, 2}) {}
};

class HashingTask : public Task {
 public:
  HashingTask(Execution&, const Corpus& corpus) : corpus_(corpus) {}

  void run(Execution& run) override {
    counter_.emplace(Analysis{}, TextView{}, std::nullopt);
    counter_->add(run, corpus_.view());
    counts_ = counter_->count_hashed(run, {1 << 20, true, false});
    matrix_ = {counts_.rows, counts_.nnz};
    counts_.write_scaled<std::int32_t>(run, Norm::l2, matrix_.indptr, matrix_.indices, matrix_.values);
  }
  void digest(Digest& digest) const override { matrix_.digest(digest); }
  void clear() override {
    counter_.reset();
    counts_ = {};
    matrix_ = {};
  }

 private:
  const Corpus& corpus_;
  std::optional<TermCounter> counter_;
  TermCounts counts_;
  Matrix<double> matrix_;
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

constexpr Row all[] = {
    {"counts", prepare<CountsTask>},
    {"bigrams", prepare<BigramsTask>},
    {"hashing", prepare<HashingTask>},
    {"tfidf", prepare<TfidfTask>},
};

}  // namespace

std::span<const Row> text_rows() { return all; }

}  // namespace corpuscle::bench
