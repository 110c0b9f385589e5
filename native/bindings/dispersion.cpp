#include "../kernels/dispersion.hpp"

#include "addon.hpp"
#include "clustering.hpp"

namespace corpuscle {
namespace {

class DispersionJob : public Job {
 public:
  explicit DispersionJob(const Args& args)
      : Job(args.options(4)), rows_(args.csr(0)), clustering_(args, 1), between_(args.boolean(3)) {}

  void compute(Execution& run) override {
    rows_.check(run);
    clustering_.check(rows_.rows);
    if (between_ && clustering_.clusters > 1 << 24) throw OverLimit{"There are too many clusters to compare each with each."};
    declare<double>("toCenter", rows_.rows);
    declare<double>("toMean", clustering_.clusters);
    declare<double>("between", between_ ? clustering_.clusters * clustering_.clusters : 0);
  }
  void deliver(Execution& run) override {
    rows_.visit([&](const auto& rows) {
      dispersion(run, rows, clustering_.view(), out<double>("toCenter"), out<double>("toMean"), out<double>("between"));
    });
  }

 private:
  CsrCopy rows_;
  ClusteringCopy clustering_;
  bool between_;
};

}  // namespace

/// dispersion(rows, labels, nClusters, between, options): { toCenter, toMean, between }
Napi::Value start_dispersion(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<DispersionJob>(Args(info)));
}

}  // namespace corpuscle
