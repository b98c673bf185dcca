#include "proto/useapi/resources.hpp"

#include <array>

#include "proto/id_text.hpp"
#include "proto/useapi/answer.hpp"
#include "proto/useapi/decommissioned.hpp"
#include "proto/useapi/files.hpp"

namespace genspool::proto::useapi {
namespace {

// clang-format off
namespace table {
using F = ResourceForm;
using R = ValueRule;
using P = ResourceParameter;

constexpr P name{"id", "", R::name, true};      // both stand in the target itself
constexpr P handle{"id", "", R::handle, true};

constexpr std::array of_account{
    P{"url", "url", R::secret, true, {}, "the address of a request of the site that ends in /cursor"},
    P{"token", "token", R::secret, true, {}, "the Token header of that request"},
    P{"maxJobs", "maxJobs", R::number, true, {}, "how many videos at once, 1 to 10"}};
constexpr std::array of_upload{P{"filename", ""}};  // nobody is told
constexpr std::array of_videos{P{"limit", "limit", R::number}, P{"after", "lastVideoId", R::handle}};
constexpr std::array of_images{P{"limit", "limit", R::number}, P{"after", "lastImageId", R::handle}};
constexpr std::array of_sounds{P{"page", "page", R::number}, P{"size", "page_size", R::number}};
constexpr std::array of_characters{P{"page", "page", R::number}, P{"size", "pageSize", R::number}};
constexpr std::array of_templates{
    P{"limit", "limit", R::number}, P{"after", "lastId"}, P{"template", "templateId"}};

// All that a user can have sent with an account's token. What creates, or could cost anything, stands
// nowhere in it.
constexpr std::array all{
    Resource{"GET",    "accounts",            "GET /accounts"},
    Resource{"GET",    "accounts/{}",         "GET /accounts/{}",                                   F::query, name},
    Resource{"POST",   "accounts",            "POST /accounts",                                     F::given, {},     of_account},
    Resource{"DELETE", "accounts/{}",         "DELETE /accounts/{}",                                F::query, name},
    Resource{"GET",    "features",            "GET /features/?account={account}"},
    Resource{"POST",   "files",               "POST /files/?account={account}",                     F::file,  {},     of_upload},
    Resource{"DELETE", "files/{}",            "DELETE /files/{}",                                   F::query, handle, {}, false, true},
    Resource{"GET",    "scheduler",           "GET /scheduler/"},
    Resource{"GET",    "scheduler/available", "GET /scheduler/available"},
    Resource{"DELETE", "scheduler/{}",        "DELETE /scheduler/{}",                               F::query, handle},
    Resource{"GET",    "agent/jobs",          "GET /agent/jobs"},
    Resource{"GET",    "agent/jobs/{}",       "GET /agent/{}",                                      F::query, handle},
    Resource{"GET",    "videos",              "GET /videos/?account={account}",                     F::query, {},     of_videos},
    Resource{"GET",    "videos/{}",           "GET /videos/{}",                                     F::query, handle},
    Resource{"DELETE", "videos/{}",           "DELETE /videos/{}",                                  F::query, handle},
    Resource{"GET",    "images",              "GET /images/?account={account}",                     F::query, {},     of_images},
    Resource{"GET",    "images/{}",           "GET /images/{}",                                     F::query, handle},
    Resource{"DELETE", "images/{}",           "DELETE /images/{}",                                  F::query, handle},
    Resource{"GET",    "speech",              "GET /speech/?account={account}",                     F::query, {},     of_sounds},
    Resource{"GET",    "speech/{}",           "GET /speech/{}",                                     F::query, handle},
    Resource{"DELETE", "speech/{}",           "DELETE /speech/{}",                                  F::query, handle},
    Resource{"GET",    "music/{}",            "GET /music/{}",                                      F::query, handle},
    Resource{"GET",    "voices",              "GET /speech/voices/?account={account}",              F::query, {},     of_sounds},
    Resource{"GET",    "characters",          "GET /videos/characters/?account={account}",          F::query, {},     of_characters},
    Resource{"GET",    "templates",           "GET /videos/agent-templates/?account={account}",     F::query, {},     of_templates},
};
}  // namespace table
// clang-format on

/// Nobody says for how long a file is kept. Whoever names one that is gone is refused for free.
constexpr Duration file_remembered = std::chrono::hours{24 * 30};

class UseapiResources final : public Resources {
public:
    std::span<const Resource> table() const override { return table::all; }

    Call upload(const ResourceValues&, const Input& file, std::string_view bytes) const override {
        return upload_call(file, bytes);
    }

    std::optional<MadeThing> uploaded(const ResourceValues&, const Reply& reply) const override {
        UploadOutcome outcome = useapi::uploaded({}, reply);
        auto* const file = std::get_if<Uploaded>(&outcome);
        if (file == nullptr) return std::nullopt;
        return MadeThing{{Thing::Kind::file, std::move(file->handle)}, file_remembered};
    }

    /// A picture that was bought has the id of a file as well, and an account takes all of its own
    /// with it. What is taken from the scheduler is cancelled, or cannot be found by its name.
    bool takes_goods(const Resource& resource, const ResourceValues&) const override {
        return resource.method == "DELETE";
    }

    ResourceOutcome read(const Resource&, const Reply& reply) const override {
        const Answer answer = read_answer(reply);
        const bool fine = reply.status >= 200 && reply.status <= 299;
        if (fine && reply.body.empty()) return std::string("{}");
        if (!succeeded(reply, answer)) return refusal(Service::credits, reply, answer);
        // The upstream masks it already; who relies on that once is betrayed once.
        return masked(ids_as_text(reply.body), "token");
    }

    std::string_view key_look() const override { return "accounts"; }

    std::string gone(std::string_view method, std::string_view path) const override {
        const Decommissioned* const found = find_decommissioned(method, "/" + std::string(path));
        return found != nullptr ? tell(*found) : "";
    }
};

}  // namespace

const Resources& resources() {
    static const UseapiResources the_one;
    return the_one;
}

}  // namespace genspool::proto::useapi
