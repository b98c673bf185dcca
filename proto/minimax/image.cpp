#include "proto/minimax/image.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <utility>
#include <vector>

#include "proto/base64.hpp"
#include "proto/minimax/envelope.hpp"
#include "proto/minimax/image_request.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

constexpr std::size_t images_max = 64;  ///< more than nine were never asked for

/// The pictures of a reply, in its order: base64, or links.
std::vector<std::string_view> images_of(const json::object& fields) {
    std::vector<std::string_view> images;
    const json::object* data = object_member(fields, "data");
    if (data == nullptr) return images;
    for (const std::string_view name : {"image_base64", "image_urls"}) {
        const json::value* list = data->if_contains(name);
        const json::array* items = list != nullptr ? list->if_array() : nullptr;
        if (items == nullptr) continue;
        for (const json::value& item : *items) {
            const json::string* text = item.if_string();
            if (text == nullptr || text->empty() || images.size() == images_max) continue;
            images.emplace_back(text->data(), text->size());
        }
    }
    return images;
}

/// Counts are declared as integers and printed as strings.
std::size_t count_of(const json::object& fields, std::string_view name) {
    const json::object* metadata = object_member(fields, "metadata");
    const std::string text = metadata != nullptr ? text_or_number(*metadata, name) : "";
    std::size_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

/// Empty where the name does not tell.
std::string_view type_of_link(std::string_view url) {
    const std::string_view path = url.substr(0, url.find_first_of("?#"));
    if (path.ends_with(".jpg") || path.ends_with(".jpeg")) return "image/jpeg";
    if (path.ends_with(".png")) return "image/png";
    if (path.ends_with(".webp")) return "image/webp";
    return "";
}

/// Some answers wrap the base64 as a data URI.
std::string_view bare_base64(std::string_view text) {
    constexpr std::string_view marker = ";base64,";
    if (!text.starts_with("data:")) return text;
    const std::size_t at = text.substr(0, 100).find(marker);
    return at == std::string_view::npos ? text : text.substr(at + marker.size());
}

/// By the first bytes; empty for what is none of the usual.
std::string_view type_of_base64(std::string_view text) {
    const std::string head = base64_decode(text.substr(0, 16)).value_or("");
    if (head.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
    if (head.starts_with("\x89PNG")) return "image/png";
    if (head.starts_with("RIFF") && head.find("WEBP") == 8) return "image/webp";
    return "";
}

Artifact artifact_of(std::string_view image, const Reply& reply) {
    if (is_link(image)) {
        return linked_artifact(std::string{image}, std::string{type_of_link(image)}, reply);
    }
    return spooled_artifact(std::string{type_of_base64(bare_base64(image))});
}

/// A picture that was asked for and did not come.
Artifact missing_image(bool blocked) {
    Artifact artifact;
    artifact.status = Artifact::Status::lost;
    Failure failure =
        artifact_failure("artifact.missing", "the answer holds fewer images than asked for");
    if (blocked) {
        failure.failure = FailureClass::rejected;
        failure.code = "blocked";
        failure.message = "the upstream blocked this image for its content";
    }
    artifact.failure = std::move(failure);
    return artifact;
}

std::string small_result(const json::object& fields) {
    json::object result;
    result["success_count"] = count_of(fields, "success_count");
    result["failed_count"] = count_of(fields, "failed_count");
    const std::string id = text_or_number(fields, "id");
    if (!id.empty() && id.size() <= 128) result["trace_id"] = id;
    return json::serialize(result);
}

class Image final : public SyncCodec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.image",
                                   .provider = "minimax",
                                   .kind = Kind::image,
                                   .slot_class = "image",
                                   .reply_is_artifact = true,
                                   .patience = std::chrono::minutes{15},
                                   .poll = PollSchedule{}};
        return op;
    }

    Result<Checked> check(const json::object& request) const override {
        return check_image_request(request);
    }

    Call submit(const JobSpec& spec) const override;
    SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const override;
    ExtractOutcome extract(const JobSpec& spec, const Reply& reply, std::size_t n) const override;
};

Call Image::submit(const JobSpec& spec) const {
    const json::object request = parse_request(spec.request);
    const json::value* format = request.if_contains("response_format");
    // A link could not be renewed: without the user's word the pictures come in the reply.
    const std::string body =
        format != nullptr ? spec.request : with_member(spec.request, "response_format", "base64");
    // 2048 x 2048 pixels in three colours are 12 MiB uncompressed, and 16 MiB in base64.
    const bool linked = format != nullptr && *format == "url";
    const std::uint64_t pictures = linked ? 0 : std::uint64_t{image_count(request)} * (16U << 20U);
    return paid_call("/v1/image_generation", body, std::chrono::seconds{180},
                     pictures + (1U << 20U));
}

SubmitOutcome Image::on_submit(const JobSpec& spec, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refusal(reply, envelope);

    const std::size_t blocked = count_of(envelope.fields, "failed_count");
    Delivered delivered;
    for (const std::string_view image : images_of(envelope.fields)) {
        delivered.artifacts.push_back(artifact_of(image, reply));
    }
    if (delivered.artifacts.empty()) {
        const OnCreate means = envelope.says_success ? OnCreate::taken_failed : OnCreate::ambiguous;
        return blocked > 0
                   ? incomplete(reply, "blocked", "every image was blocked for its content", means)
                   : incomplete(reply, "reply.empty", "the answer holds no image", means);
    }
    const std::size_t asked = image_count(parse_request(spec.request));
    for (std::size_t n = 0; delivered.artifacts.size() < asked; ++n) {
        delivered.artifacts.push_back(missing_image(n < blocked));
    }
    delivered.result = small_result(envelope.fields);
    return delivered;
}

ExtractOutcome Image::extract(const JobSpec&, const Reply& reply, std::size_t n) const {
    const Envelope envelope = read_envelope(reply);
    const std::vector<std::string_view> images = images_of(envelope.fields);
    if (n >= images.size())
        return artifact_failure("artifact.missing", "the reply holds no such image");
    std::optional<std::string> bytes = base64_decode(bare_base64(images[n]));
    if (!bytes || bytes->empty()) {
        return artifact_failure("artifact.base64", "the reply's image is not valid base64");
    }
    return std::move(*bytes);
}

}  // namespace

const Codec& image() {
    static const Image codec;
    return codec;
}

}  // namespace genspool::proto::minimax
