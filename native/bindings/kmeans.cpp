#include "../kernels/kmeans.hpp"

#include "step_job.hpp"

namespace corpuscle {
namespace {

struct KMeansHandle {
  static constexpr napi_type_tag tag{0x35b7c2d81f6e4a09, 0xb8e04d2a6f91c357};
  KMeans model;
  CsrCopy rows;  // until they are loaded
  LargeVector<double> weights;
};

using Step = StepJob<KMeansHandle>;
constexpr auto start = [](const Napi::CallbackInfo& info, std::size_t options_at, Step::Step compute, Step::Step deliver = {},
                          bool copies = false) { return start_step<KMeansHandle>(info, options_at, std::move(compute), std::move(deliver), copies); };

}  // namespace

/// createKMeans(rows, weights | null, options): handle. The arrays are copied; `kmeansLoad` checks and prepares them.
Napi::Value create_kmeans(const Napi::CallbackInfo& info) {
  const Args args(info);
  auto handle = std::make_shared<KMeansHandle>();
  handle->rows = args.csr_or_full(0);
  if (!args.is_null(1)) handle->weights = args.array<double>(1);
  return Args::wrap(info.Env(), std::move(handle));
}

/// kmeansLoad(handle, options): { firstNonFiniteRow }
Napi::Value start_kmeans_load(const Napi::CallbackInfo& info) {
  return start(info, 1, [](Step& job, Execution& run, KMeans& model) {
    KMeansHandle& handle = job.handle();
    const std::span<const double> weights = handle.weights;
    require(weights.empty() || static_cast<std::int64_t>(weights.size()) == handle.rows.rows,
            "sampleWeight must hold one number for each row.");
    handle.rows.check(run);
    handle.rows.visit([&]<class Value>(const CsrView<std::int32_t, Value>& rows) {
      model.load(run, rows, weights, std::move(std::get<LargeVector<Value>>(handle.rows.values)));
    });
    handle.rows = {};
    handle.weights = {};
    job.number("firstNonFiniteRow", static_cast<double>(model.first_non_finite_row()));
  });
}

/// kmeansMeanVariance(handle, options): { variance }
Napi::Value start_kmeans_mean_variance(const Napi::CallbackInfo& info) {
  return start(info, 1, [](Step& job, Execution& run, KMeans& model) {
    require(model.loaded(), "The rows are not loaded yet.");
    job.number("variance", model.mean_variance(run));
  });
}

/// kmeansSeed(handle, first, trials, draws, options): { rows }
Napi::Value start_kmeans_seed(const Napi::CallbackInfo& info) {
  const std::int64_t first = Args(info).integer(1, 0, 2147483647), trials = Args(info).integer(2, 1, 2147483647);
  auto draws = std::make_shared<LargeVector<double>>(Args(info).array<double>(3));
  auto rows = std::make_shared<std::vector<std::int32_t>>();
  const auto compute = [=](Step& job, Execution& run, KMeans& model) {
    require(model.loaded() && first < model.rows(), "The row lies outside of the matrix.");
    require(draws->size() % static_cast<std::size_t>(trials) == 0, "There must be as many draws for each further center.");
    *rows = model.seed(run, first, draws->size() == 0 ? 1 : trials, *draws);
    job.declare<std::int32_t>("rows", rows->size());
  };
  const auto deliver = [=](Step& job, Execution&, KMeans&) { std::copy(rows->begin(), rows->end(), job.out<std::int32_t>("rows").begin()); };
  return start(info, 4, compute, deliver, true);
}

/// kmeansSetCentersFromRows(handle, rowNumbers, options): {}
Napi::Value start_kmeans_set_centers_from_rows(const Napi::CallbackInfo& info) {
  auto numbers = std::make_shared<LargeVector<std::int32_t>>(Args(info).array<std::int32_t>(1));
  return start(info, 2, [numbers](Step&, Execution& run, KMeans& model) {
    require(model.loaded() && numbers->size() > 0, "The rows are not loaded yet.");
    for (const std::int32_t row : *numbers) {
      require(row >= 0 && row < model.rows(), "The row lies outside of the matrix.");
    }
    model.set_centers_from_rows(run, *numbers);
  });
}

/// kmeansSetCenters(handle, nClusters, centers, options): {}; centers are k x p, row-major
Napi::Value start_kmeans_set_centers(const Napi::CallbackInfo& info) {
  const std::int64_t k = Args(info).integer(1, 1, 2147483647);
  auto centers = std::make_shared<LargeVector<double>>(Args(info).array<double>(2));
  return start(info, 3, [k, centers](Step&, Execution& run, KMeans& model) {
    require(model.loaded() && static_cast<std::int64_t>(centers->size()) == k * model.columns(), "The centers must be k rows of p numbers.");
    model.set_centers(run, k, *centers);
  });
}

/// kmeansAssign(handle, options): { changed }
Napi::Value start_kmeans_assign(const Napi::CallbackInfo& info) {
  return start(info, 1, [](Step& job, Execution& run, KMeans& model) {
    require(model.clusters() > 0, "There are no centers yet.");
    job.number("changed", static_cast<double>(model.assign(run)));
  });
}

/// kmeansSum(handle, options): { weights }
Napi::Value start_kmeans_sum(const Napi::CallbackInfo& info) {
  auto weights = std::make_shared<std::vector<double>>();
  return start(
      info, 1,
      [weights](Step& job, Execution& run, KMeans& model) {
        require(model.assigned(), "The rows have no labels yet.");
        weights->resize(static_cast<std::size_t>(model.clusters()));
        model.sum(run, *weights);
        job.declare<double>("weights", model.clusters());
      },
      [weights](Step& job, Execution&, KMeans&) {
        std::copy(weights->begin(), weights->end(), job.out<double>("weights").begin());
      },
      true);
}

/// kmeansMove(handle, row, from, to, options): {}
Napi::Value start_kmeans_move(const Napi::CallbackInfo& info) {
  const Args args(info);
  const std::int64_t row = args.integer(1, 0, 2147483647), from = args.integer(2, 0, 2147483647),
                     to = args.integer(3, 0, 2147483647);
  return start(info, 4, [=](Step&, Execution&, KMeans& model) {
    require(model.summed() && row < model.rows() && from < model.clusters() && to < model.clusters(),
            "There is no such row or cluster.");
    model.move(row, from, to);
  });
}

/// kmeansAverage(handle, weights, options): { shift }
Napi::Value start_kmeans_average(const Napi::CallbackInfo& info) {
  auto weights = std::make_shared<LargeVector<double>>(Args(info).array<double>(1));
  return start(info, 2, [weights](Step& job, Execution& run, KMeans& model) {
    require(model.summed() && static_cast<std::int64_t>(weights->size()) == model.clusters(), "There must be one weight a cluster.");
    job.number("shift", model.average(run, *weights));
  });
}

/// kmeansDistances(handle, options): { distances }
Napi::Value start_kmeans_distances(const Napi::CallbackInfo& info) {
  return start(
      info, 1,
      [](Step& job, Execution&, KMeans& model) {
        require(model.assigned(), "The rows have no labels yet.");
        job.declare<double>("distances", model.rows());
      },
      [](Step& job, Execution& run, KMeans& model) {
        require(model.assigned(), "The rows have no labels any more.");
        model.distances(run, job.out_of<double>("distances", model.rows()));
      });
}

/// kmeansTransform(handle, options): { distances }
Napi::Value start_kmeans_transform(const Napi::CallbackInfo& info) {
  return start(
      info, 1,
      [](Step& job, Execution&, KMeans& model) {
        require(model.clusters() > 0, "There are no centers yet.");
        job.declare<double>("distances", model.rows() * model.clusters());
      },
      [](Step& job, Execution& run, KMeans& model) {
        model.transform(run, job.out_of<double>("distances", model.rows() * model.clusters()));
      });
}

/// kmeansCenters(handle, options): { centers }
Napi::Value start_kmeans_centers(const Napi::CallbackInfo& info) {
  return start(
      info, 1,
      [](Step& job, Execution&, KMeans& model) { job.declare<double>("centers", model.clusters() * model.columns()); },
      [](Step& job, Execution& run, KMeans& model) {
        model.centers(run, job.out_of<double>("centers", model.clusters() * model.columns()));
      });
}

/// kmeansLabels(handle, options): { labels }
Napi::Value start_kmeans_labels(const Napi::CallbackInfo& info) {
  return start(
      info, 1,
      [](Step& job, Execution&, KMeans& model) { job.declare<std::int32_t>("labels", model.rows()); },
      [](Step& job, Execution&, KMeans& model) {
        const auto labels = job.out_of<std::int32_t>("labels", static_cast<std::int64_t>(model.labels().size()));
        std::copy(model.labels().begin(), model.labels().end(), labels.begin());
      },
      true);
}

/// kmeansSumLengths(handle, options): { lengths }
Napi::Value start_kmeans_sum_lengths(const Napi::CallbackInfo& info) {
  auto lengths = std::make_shared<std::vector<double>>();
  return start(
      info, 1,
      [lengths](Step& job, Execution& run, KMeans& model) {
        require(model.summed(), "There are no sums yet.");
        lengths->resize(static_cast<std::size_t>(model.clusters()));
        model.sum_lengths(run, *lengths);
        job.declare<double>("lengths", model.clusters());
      },
      [lengths](Step& job, Execution&, KMeans&) {
        std::copy(lengths->begin(), lengths->end(), job.out<double>("lengths").begin());
      },
      true);
}

/// kmeansSetUnitNorms(handle, options): {}
Napi::Value start_kmeans_set_unit_norms(const Napi::CallbackInfo& info) {
  return start(info, 1, [](Step&, Execution&, KMeans& model) { model.set_unit_norms(); });
}

void dispose_kmeans(const Napi::CallbackInfo& info) { Args::dispose<KMeansHandle>(info); }

}  // namespace corpuscle
