#include "workers/input_files.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "proto/references.hpp"
#include "workers/base64.hpp"
#include "workers/on_cpu.hpp"
#include "workers/submit_outcome.hpp"

namespace genspool::workers {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

/// Together, in one request: more than any of them takes in practice, and all in memory at once.
constexpr std::uint64_t files_of_one_max = 64U << 20U;

/// A place in the request, and the file that goes there.
struct Place {
    proto::FileField field;
    proto::Input input;
};

proto::Refusal unfit(std::string code, std::string message) {
    proto::Refusal refusal = local_trouble(std::move(code), std::move(message));
    refusal.failure.failure = proto::FailureClass::rejected;
    refusal.failure.retryable = false;
    return refusal;
}

std::string name_of(const proto::Input& input) {
    return "artifact " + std::to_string(input.n) + " of " + input.job.text();
}

/// As admission found them.
proto::Result<std::vector<Place>> places_in(const proto::Codec& codec, const json::object& request,
                                            const proto::JobRecord& record) {
    const auto references = proto::find_references(request);
    if (!references) return references.error();
    const auto checked = codec.check(request);
    if (!checked) return checked.error();
    if (references->size() != record.inputs.size())
        throw std::logic_error("the record does not know the files of its request");
    std::vector<Place> places;
    for (std::size_t n = 0; n < references->size(); ++n) {
        const auto& files = checked->files;
        const auto field = std::find_if(files.begin(), files.end(), [&](const auto& each) {
            return each.path == (*references)[n].path;
        });
        if (field == files.end()) {
            const std::string& path = (*references)[n].path;
            return proto::Refused{"invalid", path, path + " takes no file"};
        }
        places.push_back({*field, record.inputs[n]});
    }
    return places;
}

std::optional<proto::Refusal> misfit(const Place& place) {
    const proto::FileRule& rule = place.field.rule;
    const proto::Input& input = place.input;
    const std::string what = place.field.path + ": " + name_of(input);
    const std::size_t slash = input.media_type.find('/');
    const std::string_view family = std::string_view(input.media_type).substr(0, slash);
    const std::string_view type = slash == std::string::npos
                                      ? std::string_view()
                                      : std::string_view(input.media_type).substr(slash + 1);
    const bool known = rule.types.empty() ||
                       std::find(rule.types.begin(), rule.types.end(), type) != rule.types.end();
    if (family != rule.family || !known) {
        std::string wanted;
        for (const std::string_view each : rule.types)
            wanted += (wanted.empty() ? "" : ", ") + std::string(each);
        return unfit("input.type", what + " is of type " + input.media_type + "; it must be " +
                                       std::string(rule.family) +
                                       (wanted.empty() ? "" : ", one of " + wanted));
    }
    if (input.bytes >= rule.bytes_max) {
        return unfit("input.size", what + " has " + std::to_string(input.bytes) +
                                       " bytes; they must be fewer than " +
                                       std::to_string(rule.bytes_max));
    }
    return std::nullopt;
}

/// Which files go where, or why they cannot.
struct Plan {
    json::object request;
    std::vector<Place> places;
    std::optional<proto::Refusal> refusal;
};

Plan make_plan(Tools& tools, const proto::Codec& codec, const proto::JobSpec& spec,
               const proto::JobRecord& record) {
    const OnCpu busy(tools.on_cpu, record.seq);
    Plan plan;
    plan.request = std::move(json::parse(spec.request).as_object());
    auto places = places_in(codec, plan.request, record);
    if (!places) {
        plan.refusal = unfit(places.error().code, places.error().message);
        return plan;
    }
    plan.places = std::move(*places);
    for (const Place& place : plan.places) {
        if (!plan.refusal) plan.refusal = misfit(place);
    }
    if (!plan.refusal && input_bytes(record) > files_of_one_max) {
        plan.refusal = unfit("input.size", "the files of one request have " +
                                               std::to_string(input_bytes(record)) +
                                               " bytes together; at most " +
                                               std::to_string(files_of_one_max) + " are taken");
    }
    return plan;
}

struct InputBytes {
    std::string bytes;
    std::optional<proto::Refusal> refusal{};

    InputBytes() = default;
};

asio::awaitable<InputBytes> read_input(Tools& tools, const proto::Input& input) {
    const std::string path = "artifacts/" + input.name;
    const std::string what = name_of(input) + " (" + path + ")";
    FileBytes found = co_await tools.files.read_hashed(path, input.bytes);
    InputBytes read;
    if (found.error == std::errc::no_such_file_or_directory) {
        read.refusal = unfit("input.missing", what + " is not there any more");
    } else if (found.error && found.error != std::errc::file_too_large) {
        read.refusal =
            local_trouble("input.unreadable", what + " cannot be read: " + found.error.message());
    } else if (found.error || found.sha256 != input.sha256) {
        read.refusal = unfit("input.changed", what + " is not the file any more that was made");
    }
    read.bytes = std::move(found.bytes);
    co_return read;
}

std::string encoded(const Place& place, const std::string& bytes) {
    std::string text;
    if (place.field.rule.form == proto::FileRule::Form::data_uri)
        text = "data:" + place.input.media_type + ";base64,";
    append_base64(text, bytes);
    return text;
}

}  // namespace

std::uint64_t input_bytes(const proto::JobRecord& record) {
    std::uint64_t sum = 0;
    for (const proto::Input& input : record.inputs)
        sum += input.bytes;
    return sum;
}

asio::awaitable<FilledRequest> fill_request(Tools& tools, const proto::Codec& codec,
                                            const proto::JobSpec& spec,
                                            const proto::JobRecord& record) {
    FilledRequest filled;
    Plan plan = make_plan(tools, codec, spec, record);
    filled.refusal = std::move(plan.refusal);
    std::vector<std::string> texts;
    for (const Place& place : plan.places) {
        if (filled.refusal) co_return filled;
        InputBytes read = co_await read_input(tools, place.input);
        filled.refusal = std::move(read.refusal);
        const OnCpu busy(tools.on_cpu, record.seq);
        texts.push_back(encoded(place, read.bytes));
    }
    if (filled.refusal) co_return filled;
    const OnCpu busy(tools.on_cpu, record.seq);
    filled.request = proto::fill_references(std::move(plan.request), std::move(texts));
    co_return filled;
}

}  // namespace genspool::workers
