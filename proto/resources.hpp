#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "proto/codec.hpp"
#include "proto/result.hpp"

/// What an account has at its upstream, and what a user may ask of it there without paying: a fixed
/// list of free calls, told apart by method and path. Pure, as the codecs are.
namespace genspool::proto {

/// How a value may look.
enum class ValueRule : std::uint8_t {
    text,    ///< 1 to 256 bytes
    name,    ///< the same, letters, digits, "-" and "_" only: safe as a segment of a path
    handle,  ///< as `name`, and ":" too, which stays as it is
    number,  ///< a whole number from 1 to 2^63 - 1
    secret,  ///< 1 to 16,384 bytes that nobody is to read, in the answer neither
};

/// One value that a user gives.
struct ResourceParameter {
    std::string_view name;      ///< as the user says it
    std::string_view upstream;  ///< as the upstream does; empty: it is not sent as a parameter
    ValueRule rule = ValueRule::text;
    bool required = false;
    std::string_view otherwise{};  ///< its value where the user gives none; empty: it is not sent
    std::string_view words{};      ///< some of its values, for people
};

/// How a call carries its values.
enum class ResourceForm : std::uint8_t {
    query,   ///< in the target
    object,  ///< in a JSON object as the body
    given,   ///< the same, and the user's come in such an object too, not in his query
    file,    ///< beside the file itself: the provider knows how
};

/// One free call.
struct Resource {
    std::string_view method;  ///< the user's: GET reads, POST and DELETE change something
    std::string_view path;    ///< the user's, below the account; "{}" is an id: "files/{}/content"
    std::string_view endpoint;  ///< the upstream's, "GET /v1/files/retrieve"; "{}" is that id
    ResourceForm form = ResourceForm::query;
    ResourceParameter id{};  ///< what stands in the place of "{}"; without a name: nothing does
    std::span<const ResourceParameter> parameters{};  ///< of the user's query, or object
    bool bytes = false;                               ///< the answer is a file, not JSON
    bool deletes_file = false;                        ///< a file, which requests of jobs may name
};

struct ResourceValue {
    const ResourceParameter* parameter = nullptr;
    std::string text;
};

/// All that one request gives, checked.
using ResourceValues = std::vector<ResourceValue>;

/// The value of that name; empty: none was given.
std::string_view value_of(const ResourceValues& values, std::string_view name);

/// Those of them that are to be blotted out of what is answered.
std::vector<std::string> secrets_in(const ResourceValues& values);

/// Checks what a user gave: `id` is what stood in the path. Refuses what is missing, malformed, or
/// not known to this resource.
Result<ResourceValues> read_values(const Resource& resource, std::string id,
                                   std::span<const std::pair<std::string, std::string>> query);

/// The same of the members of the object that he gave, for a resource whose form is `given`.
Result<ResourceValues> read_object_values(const Resource& resource,
                                          const boost::json::object& object);

/// The call of a resource whose form is not `file`.
Call resource_call(const Resource& resource, const ResourceValues& values);

/// JSON for the user (or a file's bytes), or why there is none.
using ResourceOutcome = std::variant<std::string, Refusal>;

/// One of several places that offer the same API, each to accounts of its own: a key of one is
/// refused by the others.
struct Region {
    std::string_view name;      ///< for people: "China"
    std::string_view base_url;  ///< as an account has it
};

/// The free calls of a provider. Stateless; any thread.
class Resources {
public:
    virtual ~Resources() = default;

    /// All of them; nothing else is ever sent for a user.
    virtual std::span<const Resource> table() const = 0;

    /// The call of a resource whose form is `file`. `file` tells hash and type.
    virtual Call upload(const ResourceValues& values, const Input& file,
                        std::string_view bytes) const = 0;

    /// The file that the account has by such an upload; nullopt: the reply does not say so.
    virtual std::optional<MadeThing> uploaded(const ResourceValues& values,
                                              const Reply& reply) const = 0;

    /// Whether this may take away what a job has paid for, and has not brought home yet.
    virtual bool takes_goods(const Resource& resource, const ResourceValues& values) const = 0;

    virtual ResourceOutcome read(const Resource& resource, const Reply& reply) const = 0;

    /// The path of the one that is asked for to see whether a key is good. It takes no values.
    virtual std::string_view key_look() const = 0;

    /// Where its API is offered; empty: at one place only.
    virtual std::span<const Region> regions() const { return {}; }

    /// Why the upstream has this no more, as a sentence, where a user may know it from before: it
    /// is not in the table. Empty: it is not known.
    virtual std::string gone(std::string_view method, std::string_view path) const {
        static_cast<void>(method);
        static_cast<void>(path);
        return {};
    }
};

}  // namespace genspool::proto
