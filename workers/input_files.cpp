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

struct InputBytes {
    std::string bytes;
    std::optional<proto::Refusal> refusal{};

    InputBytes() = default;
};

asio::awaitable<InputBytes> read_input(Tools& tools, const proto::Input& input) {
    const std::string path = "artifacts/" + input.name;
    const std::string what = name_of(input) + " (" + path + ")";
    InputBytes read;
    const FileDigest found = co_await tools.files.digest(path);
    FileBytes bytes;
    bytes.error = found.error;
    const bool same = found.bytes == input.bytes && found.sha256 == input.sha256;
    if (!found.error && same) bytes = co_await tools.files.read(path, input.bytes);
    if (bytes.error == std::errc::no_such_file_or_directory) {
        read.refusal = unfit("input.missing", what + " is not there any more");
    } else if (bytes.error) {
        read.refusal =
            local_trouble("input.unreadable", what + " cannot be read: " + bytes.error.message());
    } else if (!same || bytes.bytes.size() != input.bytes) {
        read.refusal = unfit("input.changed", what + " is not the file any more that was made");
    }
    read.bytes = std::move(bytes.bytes);
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
    json::object request = json::parse(spec.request).as_object();
    const auto places = places_in(codec, request, record);
    if (!places) {
        const proto::Refused& why = places.error();
        filled.refusal = unfit(why.code, why.message);
        co_return filled;
    }
    std::vector<std::string> texts;
    for (const Place& place : *places) {
        filled.refusal = misfit(place);
        if (filled.refusal) co_return filled;
        InputBytes read = co_await read_input(tools, place.input);
        if (read.refusal) {
            filled.refusal = std::move(read.refusal);
            co_return filled;
        }
        const OnCpu busy(tools.on_cpu, record.seq);
        texts.push_back(encoded(place, read.bytes));
    }
    const OnCpu busy(tools.on_cpu, record.seq);
    filled.request = proto::fill_references(std::move(request), texts);
    co_return filled;
}

}  // namespace genspool::workers
