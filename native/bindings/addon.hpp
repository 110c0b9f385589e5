// The functions that the addon exports, one declaration each; src/backends/native/addon.ts holds their types.
#pragma once

#include <napi.h>

namespace corpuscle {

Napi::Value create_term_counter(const Napi::CallbackInfo& info);
Napi::Value start_term_counter_add(const Napi::CallbackInfo& info);
Napi::Value start_term_counter_statistics(const Napi::CallbackInfo& info);
Napi::Value start_term_counter_count(const Napi::CallbackInfo& info);
void dispose_term_counter(const Napi::CallbackInfo& info);

Napi::Value create_tfidf(const Napi::CallbackInfo& info);
Napi::Value start_tfidf_document_frequency(const Napi::CallbackInfo& info);
Napi::Value start_tfidf_weigh(const Napi::CallbackInfo& info);
void dispose_tfidf(const Napi::CallbackInfo& info);

Napi::Value start_cooccurrence(const Napi::CallbackInfo& info);
Napi::Value start_top_cooccurrences(const Napi::CallbackInfo& info);
Napi::Value start_associate(const Napi::CallbackInfo& info);

Napi::Value create_kmeans(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_load(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_mean_variance(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_seed_start(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_seed_step(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_set_centers_from_rows(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_set_centers(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_assign(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_sum(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_move(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_average(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_distances(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_transform(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_centers(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_labels(const Napi::CallbackInfo& info);
void dispose_kmeans(const Napi::CallbackInfo& info);

Napi::Value start_probe(const Napi::CallbackInfo& info);

}  // namespace corpuscle
