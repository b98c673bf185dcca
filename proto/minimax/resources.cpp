#include "proto/minimax/resources.hpp"

#include <algorithm>
#include <array>

#include "proto/id_text.hpp"
#include "proto/minimax/envelope.hpp"
#include "proto/minimax/files.hpp"

namespace genspool::proto::minimax {
namespace {

// clang-format off
namespace table {
using F = ResourceForm;
using R = ValueRule;
using P = ResourceParameter;

constexpr P file_id{"id", "file_id", R::number, true};
constexpr P voice_id{"id", "voice_id", R::text, true};
constexpr P segment{"id", "", R::name, true};  // it stands in the target itself

constexpr P purpose{"purpose", "purpose", R::name, true, {},
                    "voice_clone, prompt_audio, t2a_async_input, video_generation_input, "
                    "video_understanding, batch, video_generation, t2a_async, …"};
constexpr std::array of_files{purpose};
constexpr std::array of_upload{purpose, P{"filename", "filename"}};
constexpr std::array of_voices{P{"type", "voice_type", R::name, false, "all"}};
constexpr std::array of_voice{
    P{"type", "voice_type", R::name, true, {}, "voice_cloning, voice_generation"}};
constexpr std::array of_tasks{
    P{"status", "filter.status"}, P{"model", "filter.model"}, P{"type", "filter.task_type"},
    P{"page", "page_num", R::number}, P{"size", "page_size", R::number}};
constexpr std::array of_batches{P{"limit", "limit", R::number}, P{"after", "after"}};

// All that a user can have sent with an account's key. What creates, or could cost anything, stands
// nowhere in it; nor does the DELETE of a task, which is what cancelling its job is for.
constexpr std::array all{
    Resource{"GET",    "files",            "GET /v1/files/list",                  F::query,  {},       of_files},
    Resource{"POST",   "files",            "POST /v1/files/upload",               F::file,   {},       of_upload},
    Resource{"GET",    "files/{}",         "GET /v1/files/retrieve",              F::query,  file_id},
    Resource{"GET",    "files/{}/content", "GET /v1/files/retrieve_content",      F::query,  file_id,  {},         true},
    Resource{"DELETE", "files/{}",         "POST /v1/files/delete",               F::object, file_id,  of_files,   false, true},
    Resource{"GET",    "voices",           "POST /v1/get_voice",                  F::object, {},       of_voices},
    Resource{"DELETE", "voices/{}",        "POST /v1/delete_voice",               F::object, voice_id, of_voice},
    Resource{"GET",    "tasks",            "GET /v2/query/video_generation",      F::query,  {},       of_tasks},
    Resource{"GET",    "tasks/{}",         "GET /v2/query/video_generation/{}",   F::query,  segment},
    Resource{"GET",    "batches",          "GET /v1/batches",                     F::query,  {},       of_batches},
    Resource{"GET",    "batches/{}",       "GET /v1/batches/{}",                  F::query,  segment},
    Resource{"GET",    "plan",             "GET /v1/token_plan/remains"},
    Resource{"GET",    "models",           "GET /v1/models"},
};
}  // namespace table
// clang-format on

constexpr std::array all_regions{
    Region{"the international platform", "https://api.minimax.io"},
    Region{"China", "https://api.minimaxi.com"},
    Region{"China", "https://api.minimax.cn"},
};

/// Of files that only a user makes. Results have others, and that of a batch is not known.
constexpr std::array<std::string_view, 5> input_purposes{"voice_clone", "prompt_audio",
                                                         "t2a_async_input", "video_understanding",
                                                         "video_generation_input"};

/// Nobody says of most purposes for how long a file is kept, of the others a week. Whoever names
/// one that is gone is refused for free, so that is no reason to forget early whose it was.
constexpr Duration file_remembered = std::chrono::hours{24 * 30};

/// A file may be JSON itself, and have an "error" in it; a refusal has its code in base_resp.
bool is_file(const Reply& reply, const Envelope& envelope) {
    const bool coded = envelope.fields.contains("base_resp") && !envelope.code.empty();
    return reply.status >= 200 && reply.status <= 299 && !coded;
}

class MinimaxResources final : public Resources {
public:
    std::span<const Resource> table() const override { return table::all; }

    Call upload(const ResourceValues& values, const Input& file,
                std::string_view bytes) const override {
        return upload_call(value_of(values, "purpose"), file, bytes, value_of(values, "filename"));
    }

    std::optional<MadeThing> uploaded(const ResourceValues& values,
                                      const Reply& reply) const override {
        UploadOutcome outcome = minimax::uploaded(value_of(values, "purpose"), reply);
        auto* const file = std::get_if<Uploaded>(&outcome);
        if (file == nullptr) return std::nullopt;
        return MadeThing{{Thing::Kind::file, std::move(file->handle)}, file_remembered};
    }

    bool takes_goods(const Resource& resource, const ResourceValues& values) const override {
        return resource.deletes_file &&
               std::ranges::find(input_purposes, value_of(values, "purpose")) ==
                   input_purposes.end();
    }

    ResourceOutcome read(const Resource& resource, const Reply& reply) const override {
        const Envelope envelope = read_envelope(reply);
        if (resource.bytes && is_file(reply, envelope)) return reply.body;
        if (!resource.bytes && succeeded(reply, envelope)) return ids_as_text(reply.body);
        return refusal(reply, envelope);
    }

    std::string_view key_look() const override { return "models"; }

    std::span<const Region> regions() const override { return all_regions; }
};

}  // namespace

const Resources& resources() {
    static const MinimaxResources the_one;
    return the_one;
}

}  // namespace genspool::proto::minimax
