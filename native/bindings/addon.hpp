// The functions that the addon exports, one declaration each; src/backends/native/addon.ts holds their types.
#pragma once

#include <napi.h>

namespace corpuscle {

Napi::Value create_term_counter(const Napi::CallbackInfo& info);
Napi::Value start_term_counter_add(const Napi::CallbackInfo& info);
Napi::Value start_term_counter_statistics(const Napi::CallbackInfo& info);
Napi::Value start_term_counter_count(const Napi::CallbackInfo& info);
Napi::Value start_term_counter_count_hashed(const Napi::CallbackInfo& info);
Napi::Value start_term_counter_token_ids(const Napi::CallbackInfo& info);
void dispose_term_counter(const Napi::CallbackInfo& info);

Napi::Value create_counts(const Napi::CallbackInfo& info);
Napi::Value start_counts_document_frequency(const Napi::CallbackInfo& info);
Napi::Value start_counts_weigh(const Napi::CallbackInfo& info);
Napi::Value start_counts_top_cooccurrences(const Napi::CallbackInfo& info);
void dispose_counts(const Napi::CallbackInfo& info);

Napi::Value create_pairs(const Napi::CallbackInfo& info);
Napi::Value start_pairs_diagonal(const Napi::CallbackInfo& info);
Napi::Value start_pairs_associate(const Napi::CallbackInfo& info);
void dispose_pairs(const Napi::CallbackInfo& info);

Napi::Value start_cooccurrence(const Napi::CallbackInfo& info);
Napi::Value start_window_cooccurrence(const Napi::CallbackInfo& info);
Napi::Value start_top_window_cooccurrences(const Napi::CallbackInfo& info);

Napi::Value start_silhouette(const Napi::CallbackInfo& info);

Napi::Value start_dispersion(const Napi::CallbackInfo& info);

Napi::Value create_kmeans(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_load(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_mean_variance(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_seed(const Napi::CallbackInfo& info);
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
Napi::Value start_kmeans_sum_lengths(const Napi::CallbackInfo& info);
Napi::Value start_kmeans_set_unit_norms(const Napi::CallbackInfo& info);
void dispose_kmeans(const Napi::CallbackInfo& info);

Napi::Value create_mini_batch(const Napi::CallbackInfo& info);
Napi::Value start_mini_batch_load(const Napi::CallbackInfo& info);
Napi::Value start_mini_batch_set_centers_from_rows(const Napi::CallbackInfo& info);
Napi::Value start_mini_batch_set_sums(const Napi::CallbackInfo& info);
Napi::Value start_mini_batch_assign(const Napi::CallbackInfo& info);
Napi::Value start_mini_batch_update(const Napi::CallbackInfo& info);
Napi::Value start_mini_batch_settle(const Napi::CallbackInfo& info);
Napi::Value start_mini_batch_sums(const Napi::CallbackInfo& info);
Napi::Value start_mini_batch_labels(const Napi::CallbackInfo& info);
Napi::Value start_mini_batch_distances(const Napi::CallbackInfo& info);
void dispose_mini_batch(const Napi::CallbackInfo& info);

Napi::Value start_probe(const Napi::CallbackInfo& info);

}  // namespace corpuscle
