#include "../kernels/association.hpp"

#include "addon.hpp"
#include "args.hpp"
#include "matrix_handles.hpp"
#include "scoring.hpp"

namespace corpuscle {
namespace {

/// Checked on the compute thread.
PairCountsView view_of(Execution& run, PairsHandle& handle) {
  handle.check(run);
  const CsrCopy& pairs = handle.matrix;
  if (pairs.rows != pairs.columns) throw InvalidMatrix{"Pairs must have as many rows as columns."};
  const auto* const values = std::get_if<LargeVector<std::int32_t>>(&pairs.values);
  if (values == nullptr) throw InvalidMatrix{"The counts of pairs must be an Int32Array."};
  return {pairs.rows, pairs.columns, pairs.indptr, pairs.indices, *values};
}

class DiagonalJob : public Job {
 public:
  explicit DiagonalJob(const Args& args) : Job(args.options(1)), handle_(args.handle<PairsHandle>(0)) {}

  void compute(Execution& run) override {
    const PairCountsView pairs = view_of(run, *handle_);
    diagonal_.resize(static_cast<std::size_t>(pairs.rows));
    diagonal_of(run, pairs, diagonal_);
    declare<std::int32_t>("diagonal", pairs.rows);
  }
  void deliver(Execution&) override { std::copy(diagonal_.begin(), diagonal_.end(), out<std::int32_t>("diagonal").begin()); }
  bool delivers_copies() const override { return true; }

 private:
  std::shared_ptr<PairsHandle> handle_;
  std::vector<std::int32_t> diagonal_;
};

class AssociateJob : public Job {
 public:
  explicit AssociateJob(const Args& args) : Job(args.options(8)), handle_(args.handle<PairsHandle>(0)), scoring_(args, 1) {}

  void compute(Execution& run) override {
    const PairCountsView pairs = view_of(run, *handle_);
    scoring_.check(pairs.columns);
    check_pairs(run, pairs, scoring_.view());
    declare<std::int32_t>("indices", handle_->matrix.nnz());
    declare<double>("scores", handle_->matrix.nnz());
  }

  void deliver(Execution& run) override {
    const PairCountsView pairs = view_of(run, *handle_);
    associate(run, pairs, scoring_.view(), out<double>("scores"));
    const Blocks blocks{handle_->matrix.nnz(), 1 << 18};
    const auto indices = out<std::int32_t>("indices");
    parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
      const std::int64_t begin = blocks.begin(block);
      std::copy(pairs.indices.begin() + begin, pairs.indices.begin() + blocks.end(block), indices.begin() + begin);
    });
  }

 private:
  std::shared_ptr<PairsHandle> handle_;
  ScoringCopy scoring_;
};

}  // namespace

/// createPairs(pairs, options): handle. The arrays are copied; the first call checks them.
Napi::Value create_pairs(const Napi::CallbackInfo& info) {
  return Args::wrap(info.Env(), std::make_shared<PairsHandle>(PairsHandle{{Args(info).csr(0)}}));
}

/// pairsDiagonal(handle, options): { diagonal }
Napi::Value start_pairs_diagonal(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<DiagonalJob>(Args(info)));
}

/// pairsAssociate(handle, score, documents, frequency, logs, rowTerms, columnTerms, constant, options): { indices, scores }
Napi::Value start_pairs_associate(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<AssociateJob>(Args(info)));
}

void dispose_pairs(const Napi::CallbackInfo& info) { Args::dispose<PairsHandle>(info); }

}  // namespace corpuscle
