#include "addon.hpp"

#include "../kernels/parallel.hpp"
#include "job.hpp"

namespace corpuscle {
namespace {

/// info(): { openmp, simdLevels }
Napi::Value info(const Napi::CallbackInfo& call) {
  Napi::Object result = Napi::Object::New(call.Env());
  result.Set("openmp", has_openmp);
  Napi::Array levels = Napi::Array::New(call.Env());
  for (const Simd level : simd_levels()) levels.Set(levels.Length(), std::string(name_of(level)));
  result.Set("simdLevels", levels);
  return result;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  init_jobs(env);
  const auto add = [&](const char* name, auto function) { exports.Set(name, Napi::Function::New(env, function, name)); };
  add("info", info);
  add("createTermCounter", create_term_counter);
  add("termCounterAdd", start_term_counter_add);
  add("termCounterStatistics", start_term_counter_statistics);
  add("termCounterCount", start_term_counter_count);
  add("termCounterCountHashed", start_term_counter_count_hashed);
  add("termCounterTokenIds", start_term_counter_token_ids);
  add("disposeTermCounter", dispose_term_counter);
  add("createCounts", create_counts);
  add("countsDocumentFrequency", start_counts_document_frequency);
  add("countsWeigh", start_counts_weigh);
  add("countsTopCooccurrences", start_counts_top_cooccurrences);
  add("disposeCounts", dispose_counts);
  add("createPairs", create_pairs);
  add("pairsDiagonal", start_pairs_diagonal);
  add("pairsAssociate", start_pairs_associate);
  add("disposePairs", dispose_pairs);
  add("cooccurrence", start_cooccurrence);
  add("windowCooccurrence", start_window_cooccurrence);
  add("topWindowCooccurrences", start_top_window_cooccurrences);
  add("silhouette", start_silhouette);
  add("dispersion", start_dispersion);
  add("createKMeans", create_kmeans);
  add("kmeansLoad", start_kmeans_load);
  add("kmeansMeanVariance", start_kmeans_mean_variance);
  add("kmeansSeed", start_kmeans_seed);
  add("kmeansSetCentersFromRows", start_kmeans_set_centers_from_rows);
  add("kmeansSetCenters", start_kmeans_set_centers);
  add("kmeansAssign", start_kmeans_assign);
  add("kmeansSum", start_kmeans_sum);
  add("kmeansMove", start_kmeans_move);
  add("kmeansAverage", start_kmeans_average);
  add("kmeansDistances", start_kmeans_distances);
  add("kmeansTransform", start_kmeans_transform);
  add("kmeansCenters", start_kmeans_centers);
  add("kmeansLabels", start_kmeans_labels);
  add("kmeansSumLengths", start_kmeans_sum_lengths);
  add("kmeansSetUnitNorms", start_kmeans_set_unit_norms);
  add("disposeKMeans", dispose_kmeans);
  add("createMiniBatch", create_mini_batch);
  add("miniBatchLoad", start_mini_batch_load);
  add("miniBatchSetCentersFromRows", start_mini_batch_set_centers_from_rows);
  add("miniBatchSetSums", start_mini_batch_set_sums);
  add("miniBatchAssign", start_mini_batch_assign);
  add("miniBatchUpdate", start_mini_batch_update);
  add("miniBatchSettle", start_mini_batch_settle);
  add("miniBatchSums", start_mini_batch_sums);
  add("miniBatchLabels", start_mini_batch_labels);
  add("miniBatchDistances", start_mini_batch_distances);
  add("disposeMiniBatch", dispose_mini_batch);
  add("probe", start_probe);
  return exports;
}

}  // namespace
}  // namespace corpuscle

static Napi::Object init_addon(Napi::Env env, Napi::Object exports) { return corpuscle::init(env, exports); }
NODE_API_MODULE(corpuscle, init_addon)
