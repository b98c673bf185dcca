#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/codec.hpp"
#include "proto/result.hpp"

namespace genspool::proto {

/// Bounds of a text in Unicode code points, both included.
struct Length {
    std::size_t min = 0;
    std::size_t max = SIZE_MAX;
};

/// Bounds of a number. `above_min`: the lower one is excluded.
struct Range {
    double min = 0;
    double max = 0;
    bool above_min = false;
};

/// What the checkers of one request have found.
struct Findings {
    std::optional<Refused> refused;  ///< the first thing that is wrong with it
    std::vector<FileField> files;    ///< what is a reference, where it may be one
    std::vector<NamedThing> names;   ///< what of an account's own they name
};

/// Reads one object of a request field by field and keeps the first thing that is wrong with it,
/// named by its path. A field that is absent or null passes every check but required().
class Checker {
public:
    /// `path` is the object's own ("request.voice_setting"). `findings` outlive the checker and
    /// are shared with those of the objects inside.
    Checker(const boost::json::object& fields, std::string path, Findings& findings);

    bool has(std::string_view name) const;  ///< there, and not null
    std::string_view text(std::string_view name, std::string_view otherwise = "") const;
    /// The items of an array; empty for what is no text.
    std::vector<std::string_view> texts(std::string_view name) const;
    std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
    double number(std::string_view name, double otherwise) const;
    bool is_true(std::string_view name) const;
    std::string path_of(std::string_view name) const;  ///< "request.voice_setting.speed"

    void required(std::string_view name);
    void never_null(std::string_view name);
    void check_text(std::string_view name, Length length = {});
    void check_integer(std::string_view name, std::int64_t min, std::int64_t max);
    void check_integer_in(std::string_view name, std::initializer_list<std::int64_t> values);
    void check_number(std::string_view name, Range range);
    void check_bool(std::string_view name);
    void check_word(std::string_view name, std::initializer_list<std::string_view> words);
    void check_word(std::string_view name, std::span<const std::string_view> words);
    /// An array of texts that are not empty, or references.
    void check_texts(std::string_view name, Length count = {});
    /// Whether the field, or the n-th item of it, is a reference; then it is noted as a file that
    /// this op takes.
    bool takes_reference(std::string_view name, const FileRule& rule);
    bool takes_reference(std::string_view name, std::size_t n, const FileRule& rule);
    /// A file that is uploaded on the way, or the number of one that the account has.
    void check_file_id(std::string_view name, const FileRule& rule);
    /// The field, or an item of it as in "image[2]", names such a thing; without an id it does
    /// not.
    void note_thing(std::string_view name, Thing::Kind kind, std::string_view id);
    /// A text, or an array of objects with something in it: their checkers.
    std::vector<Checker> check_words(std::string_view name);
    /// Refuses the field if it is there: genspool does not offer it.
    void not_available(std::string_view name, std::string_view why);
    void refuse(std::string_view code, std::string_view name, std::string message);

    /// The checker of a member object; nullopt if it is absent, or refused as no object.
    std::optional<Checker> object(std::string_view name);
    /// The checkers of an array's objects; empty if it is absent, or refused.
    std::vector<Checker> objects(std::string_view name, Length count);

private:
    const boost::json::value* find(std::string_view name) const;
    /// Refuses the field, telling what it is and what it should be.
    void refuse_value(std::string_view name, std::string_view should);

    const boost::json::object* fields_;
    std::string path_;
    Findings* findings_;
};

}  // namespace genspool::proto
