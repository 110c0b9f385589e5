#include "../kernels/mini_batch.hpp"

#include "step_job.hpp"

namespace corpuscle {
namespace {

struct MiniBatchHandle {
  static constexpr napi_type_tag tag{0x91d7e05c2b8f4a63, 0xa6c31f7d50e2984b};
  CsrCopy rows;  // the model reads them where they are
  LargeVector<double> weights;
  MiniBatch model;
};

using Step = StepJob<MiniBatchHandle>;
constexpr auto start = [](const Napi::CallbackInfo& info, std::size_t options_at, Step::Step compute, Step::Step deliver = {},
                          bool copies = false) { return start_step<MiniBatchHandle>(info, options_at, std::move(compute), std::move(deliver), copies); };

void require_rows(const MiniBatch& model, std::span<const std::int32_t> rows) {
  require(model.loaded(), "The rows are not loaded yet.");
  for (const std::int32_t row : rows) require(row >= 0 && row < model.rows(), "The row lies outside of the matrix.");
}

}  // namespace

/// createMiniBatch(rows, weights | null, options): handle. The arrays are copied; `miniBatchLoad` checks them.
Napi::Value create_mini_batch(const Napi::CallbackInfo& info) {
  const Args args(info);
  auto handle = std::make_shared<MiniBatchHandle>();
  handle->rows = args.csr(0);
  if (!args.is_null(1)) handle->weights = args.array<double>(1);
  return Args::wrap(info.Env(), std::move(handle));
}

/// miniBatchLoad(handle, options): { firstNonFiniteRow }
Napi::Value start_mini_batch_load(const Napi::CallbackInfo& info) {
  return start(info, 1, [](Step& job, Execution& run, MiniBatch& model) {
    MiniBatchHandle& handle = job.handle();
    const std::span<const double> weights = handle.weights;
    require(weights.empty() || static_cast<std::int64_t>(weights.size()) == handle.rows.rows,
            "sampleWeight must hold one number for each row.");
    handle.rows.check(run);
    const std::int64_t bad = handle.rows.visit([&](const auto& rows) { return model.load(run, rows, weights); });
    job.number("firstNonFiniteRow", static_cast<double>(bad));
  });
}

/// miniBatchSetCentersFromRows(handle, rowNumbers, options): {}
Napi::Value start_mini_batch_set_centers_from_rows(const Napi::CallbackInfo& info) {
  auto numbers = std::make_shared<LargeVector<std::int32_t>>(Args(info).array<std::int32_t>(1));
  return start(info, 2, [numbers](Step&, Execution& run, MiniBatch& model) {
    require_rows(model, *numbers);
    require(numbers->size() > 0, "There must be a center at least.");
    model.set_centers_from_rows(run, *numbers);
  });
}

/// miniBatchSetSums(handle, nClusters, sums, weights, options): {}; sums are k x p, row-major
Napi::Value start_mini_batch_set_sums(const Napi::CallbackInfo& info) {
  const Args args(info);
  const std::int64_t k = args.integer(1, 1, 2147483647);
  auto sums = std::make_shared<LargeVector<double>>(args.array<double>(2));
  auto weights = std::make_shared<LargeVector<double>>(args.array<double>(3));
  return start(info, 4, [k, sums, weights](Step&, Execution& run, MiniBatch& model) {
    require(model.loaded() && static_cast<std::int64_t>(sums->size()) == k * model.columns() &&
                static_cast<std::int64_t>(weights->size()) == k,
            "The sums must be k rows of p numbers, with a weight each.");
    model.set_sums(run, k, *sums, *weights);
  });
}

/// miniBatchAssign(handle, batch, options): { inertia, weights }
Napi::Value start_mini_batch_assign(const Napi::CallbackInfo& info) {
  auto batch = std::make_shared<LargeVector<std::int32_t>>(Args(info).array<std::int32_t>(1));
  auto weights = std::make_shared<std::vector<double>>();
  return start(
      info, 2,
      [batch, weights](Step& job, Execution& run, MiniBatch& model) {
        require_rows(model, *batch);
        require(model.clusters() > 0, "There are no centers yet.");
        weights->resize(static_cast<std::size_t>(model.clusters()));
        job.number("inertia", model.assign(run, *batch, *weights));
        job.declare<double>("weights", model.clusters());
      },
      [weights](Step& job, Execution&, MiniBatch&) {
        std::copy(weights->begin(), weights->end(), job.out<double>("weights").begin());
      },
      true);
}

/// miniBatchUpdate(handle, weights, clusters, rows, options): { shift }
Napi::Value start_mini_batch_update(const Napi::CallbackInfo& info) {
  const Args args(info);
  auto weights = std::make_shared<LargeVector<double>>(args.array<double>(1));
  auto clusters = std::make_shared<LargeVector<std::int32_t>>(args.array<std::int32_t>(2));
  auto rows = std::make_shared<LargeVector<std::int32_t>>(args.array<std::int32_t>(3));
  return start(info, 4, [weights, clusters, rows](Step& job, Execution& run, MiniBatch& model) {
    require_rows(model, *rows);
    require(model.assigned() && static_cast<std::int64_t>(weights->size()) == model.clusters() && rows->size() == clusters->size(),
            "There must be labels, one weight a cluster and a row for each cluster that gets one.");
    std::vector<bool> seen(weights->size());
    for (const std::int32_t j : *clusters) {
      require(j >= 0 && j < model.clusters() && !seen[j], "There is no such cluster, or it comes twice.");
      seen[j] = true;
    }
    job.number("shift", model.update(run, *weights, *clusters, *rows));
  });
}

/// miniBatchSettle(handle, options): {}
Napi::Value start_mini_batch_settle(const Napi::CallbackInfo& info) {
  return start(info, 1, [](Step&, Execution& run, MiniBatch& model) { model.settle(run); });
}

/// miniBatchSums(handle, options): { sums }
Napi::Value start_mini_batch_sums(const Napi::CallbackInfo& info) {
  return start(
      info, 1,
      [](Step& job, Execution&, MiniBatch& model) { job.declare<double>("sums", model.clusters() * model.columns()); },
      [](Step& job, Execution& run, MiniBatch& model) { model.sums(run, job.out_of<double>("sums", model.clusters() * model.columns())); });
}

/// miniBatchLabels(handle, options): { labels }
Napi::Value start_mini_batch_labels(const Napi::CallbackInfo& info) {
  return start(
      info, 1,
      [](Step& job, Execution&, MiniBatch& model) {
        job.declare<std::int32_t>("labels", static_cast<std::int64_t>(model.labels().size()));
      },
      [](Step& job, Execution&, MiniBatch& model) {
        const auto labels = job.out_of<std::int32_t>("labels", static_cast<std::int64_t>(model.labels().size()));
        std::copy(model.labels().begin(), model.labels().end(), labels.begin());
      },
      true);
}

/// miniBatchDistances(handle, options): { distances }
Napi::Value start_mini_batch_distances(const Napi::CallbackInfo& info) {
  return start(
      info, 1,
      [](Step& job, Execution&, MiniBatch& model) {
        job.declare<double>("distances", static_cast<std::int64_t>(model.distances().size()));
      },
      [](Step& job, Execution&, MiniBatch& model) {
        const auto distances = job.out_of<double>("distances", static_cast<std::int64_t>(model.distances().size()));
        std::copy(model.distances().begin(), model.distances().end(), distances.begin());
      },
      true);
}

void dispose_mini_batch(const Napi::CallbackInfo& info) { Args::dispose<MiniBatchHandle>(info); }

}  // namespace corpuscle
