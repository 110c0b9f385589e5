#include "args.hpp"

#include <cmath>

namespace corpuscle {
namespace {

/// The memory of a typed array as it is now; a detached one has no length.
struct Raw {
  napi_typedarray_type type;
  std::size_t length = 0;
  const void* data = nullptr;
  bool shared = false;  // over a SharedArrayBuffer, which nobody can detach
};

[[noreturn]] void refuse_value(Napi::Env env, const std::string& what) {
  Napi::TypeError error = Napi::TypeError::New(env, what);
  error.Set("code", "ERR_INVALID_ARG_TYPE");
  throw error;
}

Raw raw(const Napi::Value& value, const char* name) {
  Raw array;
  napi_value buffer;
  std::size_t offset;
  void* data = nullptr;
  if (!value.IsTypedArray() || napi_get_typedarray_info(value.Env(), value, &array.type, &array.length, &data, &buffer,
                                                        &offset) != napi_ok) {
    refuse_value(value.Env(), std::string(name) + " must be a typed array.");
  }
  bool detachable = true;
  napi_is_arraybuffer(value.Env(), buffer, &detachable);
  array.data = data;
  array.shared = !detachable;
  return array;
}

template <class T>
LargeVector<T> copy_as(const Raw& array, int threads) {
  LargeVector<T> block(array.length);
  copy_block(threads, array.data, array.length * sizeof(T), block.data());
  return block;
}

/// Of the options, which come last, or 1.
int threads_of(const Napi::CallbackInfo& info) {
  const Napi::Value last = info[info.Length() - 1];  // undefined where there is none
  const Napi::Value threads = last.IsObject() ? last.As<Napi::Object>().Get("threads") : info.Env().Undefined();
  if (!threads.IsNumber()) return 1;
  const double count = threads.As<Napi::Number>().DoubleValue();
  return count >= 1 ? static_cast<int>(std::min(count, 1024.0)) : 1;
}

/// Positions from an Int32Array or a Float64Array; what is no position becomes -1, which every check refuses.
LargeVector<std::int64_t> positions(const Napi::Value& value, const char* name) {
  const Raw array = raw(value, name);
  LargeVector<std::int64_t> block(array.length);
  if (array.type == napi_int32_array) {
    const auto* const from = static_cast<const std::int32_t*>(array.data);
    std::copy(from, from + array.length, block.data());
  } else if (array.type == napi_float64_array) {
    const auto* const from = static_cast<const double*>(array.data);
    for (std::size_t i = 0; i < array.length; ++i) {
      const double position = from[i];
      const bool valid = position >= 0 && position <= 9007199254740991.0 && position == std::floor(position);
      block[i] = valid ? static_cast<std::int64_t>(position) : -1;
    }
  } else {
    refuse_value(value.Env(), std::string(name) + " must be an Int32Array or a Float64Array.");
  }
  return block;
}

std::int64_t size_of(const Napi::Object& object, const char* name) {
  const Napi::Value number = object.Get(name);
  const double value = number.IsNumber() ? number.As<Napi::Number>().DoubleValue() : -1;
  if (!(value >= 0 && value <= 2147483647.0)) refuse_value(object.Env(), std::string(name) + " must be a number of rows or columns.");
  return static_cast<std::int64_t>(value);
}

/// Copies strings as UTF-8; a lone surrogate becomes U+FFFD. V8 writes what is ASCII in one go when it is asked for Latin 1, and
/// character by character when it is asked for UTF-8.
TextCopy strings(const Napi::Array& array) {
  const Napi::Env env = array.Env();
  const Napi::HandleScope scope(env);
  const std::uint32_t count = array.Length();
  std::vector<napi_value> values(count);  // fetched once: an accessor might give another string the second time
  std::vector<bool> ascii(count);
  TextCopy text;
  text.offsets.assign(count + std::size_t{1}, 0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Napi::Value value = array[i];
    std::size_t units = 0, bytes = 0;
    if (!value.IsString() || napi_get_value_string_utf16(env, value, nullptr, 0, &units) != napi_ok ||
        napi_get_value_string_utf8(env, value, nullptr, 0, &bytes) != napi_ok) {
      refuse_value(env, "Document " + std::to_string(i) + " of this batch is not a string.");
    }
    values[i] = value;
    ascii[i] = units == bytes;
    text.offsets[i + 1] = text.offsets[i] + static_cast<std::int64_t>(bytes);
  }
  const auto total = static_cast<std::size_t>(text.offsets.back());
  text.bytes.resize(total + 1);  // V8 ends what it writes with a zero, which the next string overwrites
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto write = ascii[i] ? napi_get_value_string_latin1 : napi_get_value_string_utf8;
    const auto room = static_cast<std::size_t>(text.offsets[i + 1] - text.offsets[i]) + 1;
    write(env, values[i], text.bytes.data() + text.offsets[i], room, nullptr);
  }
  text.bytes.resize(total);
  return text;
}

TextCopy block(const Napi::Object& object, int threads) {
  // All that may run JavaScript comes first: an accessor could take away memory that was looked at before.
  const Napi::Value bytes_value = object.Get("bytes"), offsets_value = object.Get("offsets");
  Raw bytes = raw(bytes_value, "bytes");
  if (bytes.type != napi_uint8_array) refuse_value(object.Env(), "bytes must be a Uint8Array.");
  LargeVector<std::int64_t> offsets = positions(offsets_value, "offsets");
  bool valid = !offsets.empty() && offsets[0] == 0 && offsets.back() <= static_cast<std::int64_t>(bytes.length);
  for (std::size_t i = 1; valid && i < offsets.size(); ++i) valid = offsets[i] >= offsets[i - 1];
  if (!valid) refuse_value(object.Env(), "offsets must start at 0, never fall, and end within the bytes.");
  bytes.length = static_cast<std::size_t>(offsets.back());
  return {copy_as<char>(bytes, threads), std::move(offsets)};
}

}  // namespace

Args::Args(const Napi::CallbackInfo& info) : info_(info), threads_(threads_of(info)) {}

void Args::refuse(std::size_t i, const char* why) const {
  refuse_value(info_.Env(), "Argument " + std::to_string(i) + " of the addon " + why + ".");
}

Napi::Object Args::object(std::size_t i) const {
  if (!info_[i].IsObject()) refuse(i, "must be an object");
  return info_[i].As<Napi::Object>();
}

CsrCopy Args::csr(std::size_t i) const { return matrix(i, false); }

CsrCopy Args::csr_or_full(std::size_t i) const { return matrix(i, this->object(i).Get("isFull").StrictEquals(Napi::Boolean::New(info_.Env(), true))); }

CsrCopy Args::matrix(std::size_t i, bool full) const {
  const Napi::Object object = this->object(i);
  CsrCopy matrix;
  matrix.full = full;
  matrix.rows = size_of(object, "nRows");
  matrix.columns = size_of(object, "nColumns");
  matrix.indptr = positions(object.Get("indptr"), "indptr");
  if (!full) {
    const Raw indices = raw(object.Get("indices"), "indices");
    if (indices.type != napi_int32_array) refuse_value(object.Env(), "indices must be an Int32Array.");
    matrix.indices = copy_as<std::int32_t>(indices, threads_);
  }
  const Raw values = raw(object.Get("values"), "values");
  switch (values.type) {
    case napi_int32_array: matrix.values = copy_as<std::int32_t>(values, threads_); break;
    case napi_float32_array: matrix.values = copy_as<float>(values, threads_); break;
    case napi_float64_array: matrix.values = copy_as<double>(values, threads_); break;
    default: refuse_value(object.Env(), "values must be an Int32Array, a Float32Array or a Float64Array.");
  }
  return matrix;
}

TokenCopy Args::tokens(std::size_t i) const {
  const Napi::Object object = this->object(i);
  TokenCopy streams;
  streams.terms = size_of(object, "nTerms");
  streams.offsets = positions(object.Get("offsets"), "offsets");
  const Raw ids = raw(object.Get("ids"), "ids");
  if (ids.type != napi_int32_array) refuse_value(object.Env(), "ids must be an Int32Array.");
  streams.ids = copy_as<std::int32_t>(ids, threads_);
  return streams;
}

TextCopy Args::text(std::size_t i) const {
  const Napi::Object object = this->object(i);
  return object.IsArray() ? strings(object.As<Napi::Array>()) : block(object, threads_);
}

bool Args::boolean(std::size_t i) const {
  if (!info_[i].IsBoolean()) refuse(i, "must be true or false");
  return info_[i].As<Napi::Boolean>();
}

double Args::number(std::size_t i) const {
  if (!info_[i].IsNumber()) refuse(i, "must be a number");
  return info_[i].As<Napi::Number>().DoubleValue();
}

std::int64_t Args::integer(std::size_t i, std::int64_t min, std::int64_t max) const {
  const double value = number(i);
  if (!(value >= static_cast<double>(min) && value <= static_cast<double>(max)) || value != std::floor(value)) {
    refuse(i, "is an integer outside of its range");
  }
  return static_cast<std::int64_t>(value);
}

std::string Args::string(std::size_t i) const {
  if (!info_[i].IsString()) refuse(i, "must be a string");
  return info_[i].As<Napi::String>();
}

template <class T>
LargeVector<T> Args::array(std::size_t i) const {
  const Raw array = raw(info_[i], "An argument of the addon");
  if (array.type != (std::is_same_v<T, double> ? napi_float64_array : napi_int32_array)) {
    refuse(i, "is a typed array of another type");
  }
  return copy_as<T>(array, threads_);
}
template LargeVector<std::int32_t> Args::array(std::size_t) const;
template LargeVector<double> Args::array(std::size_t) const;

JobOptions Args::options(std::size_t i) const {
  const Napi::Object object = this->object(i);
  JobOptions options;
  const Napi::Value control_value = object.Get("control");  // once: an accessor might give another the second time
  const Raw control = raw(control_value, "control");
  if (control.type != napi_int32_array || control.length < 2 || !control.shared) refuse(i, "lacks its shared control integers");
  options.control = static_cast<std::int32_t*>(const_cast<void*>(control.data));
  options.control_owner = Napi::Persistent(control_value.As<Napi::Object>());
  const double threads = object.Get("threads").ToNumber().DoubleValue();
  options.threads = threads >= 1 ? static_cast<int>(std::min(threads, 1024.0)) : 1;  // also where it is no number
  const double max_bytes = object.Get("maxBytes").ToNumber().DoubleValue();
  options.max_bytes = max_bytes > 0 ? max_bytes : 0;
  const Napi::Value simd = object.Get("simd");
  if (simd.IsString()) {
    const auto level = simd_named(simd.As<Napi::String>().Utf8Value());
    if (!level) refuse(i, "names vector instructions that this processor lacks");
    options.simd = *level;
  }
  return options;
}

}  // namespace corpuscle
