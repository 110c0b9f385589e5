#include "addon.hpp"

#include "../kernels/parallel.hpp"
#include "job.hpp"

namespace corpuscle {
namespace {

/// info(): { openmp, simd }
Napi::Value info(const Napi::CallbackInfo& call) {
  Napi::Object result = Napi::Object::New(call.Env());
  result.Set("openmp", has_openmp);
  result.Set("simd", "baseline");
  return result;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  init_jobs(env);
  const auto add = [&](const char* name, auto function) { exports.Set(name, Napi::Function::New(env, function, name)); };
  add("info", info);
  add("createTermCounter", create_term_counter);
  add("addDocuments", start_add_documents);
  add("finishCounts", start_finish_counts);
  add("disposeTermCounter", dispose_term_counter);
  add("tfidf", start_tfidf);
  add("documentFrequency", start_document_frequency);
  add("cooccurrence", start_cooccurrence);
  add("createKMeans", create_kmeans);
  add("loadKMeans", start_load_kmeans);
  add("meanVariance", start_mean_variance);
  add("seedStart", start_seed_start);
  add("seedStep", start_seed_step);
  add("setCentersFromRows", start_set_centers_from_rows);
  add("setCenters", start_set_centers);
  add("assign", start_assign);
  add("sumClusters", start_sum_clusters);
  add("moveRow", start_move_row);
  add("averageClusters", start_average_clusters);
  add("centerDistances", start_center_distances);
  add("transformRows", start_transform_rows);
  add("readCenters", start_read_centers);
  add("readLabels", start_read_labels);
  add("disposeKMeans", dispose_kmeans);
  return exports;
}

}  // namespace
}  // namespace corpuscle

static Napi::Object init_addon(Napi::Env env, Napi::Object exports) { return corpuscle::init(env, exports); }
NODE_API_MODULE(corpuscle, init_addon)
