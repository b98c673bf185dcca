#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace genspool::simulator {

/// Why a body is refused; nullopt when it is fine.
using Problem = std::optional<std::string>;

/// Reads a request body field by field and keeps the first thing that is wrong with it.
class FieldCheck {
public:
    explicit FieldCheck(const boost::json::object& body) : body_(body) {}

    /// There, text, and not longer than that many characters.
    FieldCheck& need_text(std::string_view name, std::size_t characters_max);

    /// If there: text, and not longer than that.
    FieldCheck& may_text(std::string_view name, std::size_t characters_max);

    /// There, and beginning with one of the prefixes: models come and go, families stay.
    FieldCheck& need_family(std::string_view name,
                            std::initializer_list<std::string_view> prefixes);

    /// If there: one of the words.
    FieldCheck& may_word(std::string_view name, std::initializer_list<std::string_view> words);

    /// If there: a whole number from `least` to `most`.
    FieldCheck& may_whole(std::string_view name, std::int64_t least, std::int64_t most);

    /// If there: true or false.
    FieldCheck& may_flag(std::string_view name);

    /// `holds` is a rule over several fields.
    FieldCheck& require(bool holds, std::string_view otherwise);

    Problem problem() const { return problem_; }

private:
    FieldCheck& fail(std::string_view name, std::string_view what);

    const boost::json::object& body_;
    Problem problem_;
};

/// The field as text; empty when it is absent or no text.
std::string_view text_field(const boost::json::object& body, std::string_view name);

/// The field as a whole number; `otherwise` when it is absent or none.
std::int64_t whole_field(const boost::json::object& body, std::string_view name,
                         std::int64_t otherwise);

/// True when the field is there and true.
bool flag_field(const boost::json::object& body, std::string_view name);

}  // namespace genspool::simulator
