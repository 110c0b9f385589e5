// The functions that the addon exports, one declaration each; src/backends/native/addon.ts holds their types.
#pragma once

#include <napi.h>

namespace corpuscle {

Napi::Value create_term_counter(const Napi::CallbackInfo& info);
Napi::Value start_add_documents(const Napi::CallbackInfo& info);
Napi::Value start_finish_counts(const Napi::CallbackInfo& info);
void dispose_term_counter(const Napi::CallbackInfo& info);

Napi::Value start_tfidf(const Napi::CallbackInfo& info);
Napi::Value start_document_frequency(const Napi::CallbackInfo& info);

Napi::Value start_cooccurrence(const Napi::CallbackInfo& info);

Napi::Value create_kmeans(const Napi::CallbackInfo& info);
Napi::Value start_load_kmeans(const Napi::CallbackInfo& info);
Napi::Value start_mean_variance(const Napi::CallbackInfo& info);
Napi::Value start_seed_start(const Napi::CallbackInfo& info);
Napi::Value start_seed_step(const Napi::CallbackInfo& info);
Napi::Value start_set_centers_from_rows(const Napi::CallbackInfo& info);
Napi::Value start_set_centers(const Napi::CallbackInfo& info);
Napi::Value start_assign(const Napi::CallbackInfo& info);
Napi::Value start_sum_clusters(const Napi::CallbackInfo& info);
Napi::Value start_move_row(const Napi::CallbackInfo& info);
Napi::Value start_average_clusters(const Napi::CallbackInfo& info);
Napi::Value start_center_distances(const Napi::CallbackInfo& info);
Napi::Value start_transform_rows(const Napi::CallbackInfo& info);
Napi::Value start_read_centers(const Napi::CallbackInfo& info);
Napi::Value start_read_labels(const Napi::CallbackInfo& info);
void dispose_kmeans(const Napi::CallbackInfo& info);

}  // namespace corpuscle
