#include "../kernels/silhouette.hpp"

#include "addon.hpp"
#include "clustering.hpp"

namespace corpuscle {
namespace {

class SilhouetteJob : public Job {
 public:
  explicit SilhouetteJob(const Args& args)
      : Job(args.options(5)), rows_(args.csr(0)), clustering_(args, 1),
        metric_(args.choice<SilhouetteMetric>(3, {{"cosine", SilhouetteMetric::cosine},
                                                  {"sqeuclidean", SilhouetteMetric::squared_euclidean},
                                                  {"euclidean", SilhouetteMetric::euclidean}})),
        sample_(args.array<std::int32_t>(4)) {}

  void compute(Execution& run) override {
    rows_.check(run);
    clustering_.check(rows_.rows);
    for (const std::int32_t row : sample_) {
      if (row < 0 || row >= rows_.rows) throw InvalidMatrix{"The sample must hold numbers of rows."};
    }
    declare<double>("silhouettes", static_cast<std::int64_t>(sample_.size()));
  }
  void deliver(Execution& run) override {
    rows_.visit([&](const auto& view) { silhouette(run, view, clustering_.view(), metric_, sample_, out<double>("silhouettes")); });
  }

 private:
  CsrCopy rows_;
  ClusteringCopy clustering_;
  SilhouetteMetric metric_;
  LargeVector<std::int32_t> sample_;
};

}  // namespace

/// silhouette(rows, labels, nClusters, metric, sample, options): { silhouettes }
Napi::Value start_silhouette(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<SilhouetteJob>(Args(info)));
}

}  // namespace corpuscle
