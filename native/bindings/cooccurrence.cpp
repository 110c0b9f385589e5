#include "../kernels/cooccurrence.hpp"

#include <optional>

#include "addon.hpp"
#include "args.hpp"

namespace corpuscle {
namespace {

class CooccurrenceJob : public Job {
 public:
  explicit CooccurrenceJob(const Args& args)
      : Job(args.options(6)), rows_(args.csr(0)), full_(args.boolean(1)), diagonal_(args.boolean(2)),
        dense_(args.boolean(3)), terms_{args.integer(4, 0, 2147483647), args.integer(5, 0, 2147483647)} {}

  void compute(Execution& run) override {
    rows_.check(run);
    const std::int64_t columns = rows_.columns, terms = terms_.end - terms_.first;
    if (terms < 0 || terms_.end > columns) throw InvalidMatrix{"The terms asked for must be columns of the matrix."};
    rows_.visit([&](const auto& rows) { pairs_.emplace(run, rows, full_, diagonal_, terms_); });
    rows_ = {};
    if (dense_) {
      declare<std::int32_t>("values", terms * columns);
      return;
    }
    const std::int64_t nnz = pairs_->count(run);
    wide_ = nnz > 2147483647;
    if (wide_) {
      declare<double>("indptr", terms + 1);
    } else {
      declare<std::int32_t>("indptr", terms + 1);
    }
    const Pages pages = pairs_->moves_pages() ? Pages::moved : Pages::fresh;
    declare<std::int32_t>("indices", nnz, pages);
    declare<std::int32_t>("values", nnz, pages);
  }

  void deliver(Execution& run) override {
    if (dense_) {
      pairs_->write_dense(run, out<std::int32_t>("values"));
    } else if (wide_) {
      pairs_->write(run, out<double>("indptr"), out<std::int32_t>("indices"), out<std::int32_t>("values"));
    } else {
      pairs_->write(run, out<std::int32_t>("indptr"), out<std::int32_t>("indices"), out<std::int32_t>("values"));
    }
    pairs_.reset();
  }

 private:
  CsrCopy rows_;
  bool full_, diagonal_, dense_, wide_ = false;
  Terms terms_;
  std::optional<Cooccurrence> pairs_;
};

}  // namespace

/// cooccurrence(rows, full, diagonal, dense, firstTerm, endTerm, options): { indptr, indices, values }, or { values } where dense
Napi::Value start_cooccurrence(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<CooccurrenceJob>(Args(info)));
}

}  // namespace corpuscle
