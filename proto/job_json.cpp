#include "proto/job_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "proto/canonical_json.hpp"
#include "proto/idempotency_key.hpp"
#include "proto/job_fields.hpp"
#include "proto/nearest_name.hpp"
#include "proto/provider_choice.hpp"
#include "proto/request_check.hpp"

namespace genspool::proto {
namespace {

namespace json = boost::json;

constexpr std::size_t name_max = 64;
constexpr std::size_t key_max = 255;

constexpr std::array<std::string_view, 16> known_fields = {
    "kind",    "request",    "custom_id", "labels",         "priority", "provider",
    "account", "not_before", "deadline",  "max_attempts",   "max_cost", "on_unknown",
    "output",  "webhook",    "after",     "idempotency_key"};
constexpr std::array<std::string_view, 11> kind_names = {
    "video", "video_template", "tts",          "music", "lyrics",    "image",
    "agent", "voice_clone",    "voice_design", "chat",  "chat_batch"};

std::optional<Kind> read_kind(JsonFields& fields) {
    if (fields.find("kind") == nullptr) fields.refuse("missing", "kind", "kind is required");
    const auto name = fields.text("kind", 1, name_max);
    if (!name) return std::nullopt;
    const auto kind = parse_kind(*name);
    if (!kind) {
        fields.refuse("invalid", "kind",
                      "unknown kind '" + *name + "'" + did_you_mean(*name, kind_names));
    }
    return kind;
}

const json::object* read_request(JsonFields& fields) {
    if (fields.find("request") == nullptr) {
        fields.refuse("missing", "request", "request is required");
    }
    const json::object* request = fields.object("request");
    if (request == nullptr) return nullptr;
    if (const auto fault = request_fault(*request)) {
        fields.refuse(fault->code, fault->field, fault->message);
    }
    return request;
}

std::vector<Reference> read_references(JsonFields& fields, const json::object& request) {
    auto found = find_references(request);
    if (found) return std::move(*found);
    const Refused& fault = found.error();
    fields.refuse(fault.code, fault.field, fault.message);
    return {};
}

void read_idempotency_key(JsonFields& fields, std::string& key) {
    key = fields.text("idempotency_key", 1, key_max).value_or("");
    if (!is_idempotency_key(key))
        fields.refuse("invalid", "idempotency_key",
                      "idempotency_key must have printable ASCII characters only");
}

/// Fixes op, model and quote by the provider's own rules.
Result<void> check_request(const Provider& provider, const json::object& request,
                           std::vector<Reference> references, ParsedJob& job) {
    const auto codec = provider.choose(job.spec.kind, request);
    if (!codec) return codec.error();
    auto checked = (*codec)->check(request);
    if (!checked) return checked.error();
    auto inputs = place_files(std::move(references), checked->files);
    if (!inputs) return inputs.error();
    job.inputs = std::move(*inputs);
    job.codec = *codec;
    job.checked = std::move(*checked);
    job.spec.provider = provider.name();
    job.spec.op = job.codec->info().name;
    job.spec.model = job.checked.model;
    return {};
}

Result<void> check_cost(const JobSpec& spec) {
    if (!spec.quote || !spec.max_cost || spec.quote->amount <= *spec.max_cost) return {};
    return Refused{"exceeds_max_cost", "max_cost",
                   "one attempt is estimated at " + format_micros(spec.quote->amount) + " " +
                       std::string(to_string(spec.quote->unit)) + ", above max_cost " +
                       format_micros(*spec.max_cost)};
}

std::string canonical_form(const json::object& job) {
    if (!job.contains("idempotency_key")) return canonical_json(job);
    json::object keyless(job);
    keyless.erase("idempotency_key");
    return canonical_json(keyless);
}

}  // namespace

Result<ParsedJob> parse_job(const json::object& object, const AdmissionContext& context,
                            std::string_view request_text) {
    JsonFields fields(object);
    ParsedJob job;
    fields.refuse_unknown(known_fields);
    const auto kind = read_kind(fields);
    const json::object* request = read_request(fields);
    std::vector<Reference> references;
    if (request != nullptr) references = read_references(fields, *request);
    read_job_fields(fields, context, job.spec);
    job.after = read_after(fields);
    const std::string provider_name = fields.text("provider", 1, name_max).value_or("");
    job.spec.account = fields.text("account", 1, name_max).value_or("");
    read_idempotency_key(fields, job.idempotency_key);
    if (fields.refused()) return *fields.refused();

    job.spec.kind = *kind;
    if (const auto available = check_kind_available(*kind, context.registry); !available) {
        return available.error();
    }
    const auto provider = choose_provider(provider_name, job.spec.account, *kind, context);
    if (!provider) return provider.error();
    if (const auto right = check_request(**provider, *request, std::move(references), job); !right)
        return right.error();
    job.spec.quote = context.prices.quote(job.checked);
    if (const auto affordable = check_cost(job.spec); !affordable) return affordable.error();

    job.spec.request = request_text.empty() ? compact_json(*request) : std::string(request_text);
    if (context.wants_canonical || !job.idempotency_key.empty()) {
        job.canonical = canonical_form(object);
    }
    return job;
}

}  // namespace genspool::proto
