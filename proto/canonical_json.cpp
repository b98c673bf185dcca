#include "proto/canonical_json.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <vector>

#include "proto/json_text.hpp"

namespace genspool::proto {
namespace {

namespace json = boost::json;

/// The order of UTF-16 differs from that of UTF-8 in one place: what takes four bytes (F0 to F4)
/// stands before U+E000 to U+FFFF (EE and EF).
unsigned utf16_rank(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0xEE || byte == 0xEF ? byte + 0x10U : byte;
}

bool utf16_less(std::string_view a, std::string_view b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return utf16_rank(x) < utf16_rank(y);
    });
}

enum class KeyOrder { sorted, given };

class Serializer {
public:
    explicit Serializer(KeyOrder order) : order_(order) {}

    void add(const json::value& value) {
        switch (value.kind()) {
            case json::kind::null:
                out_ += "null";
                return;
            case json::kind::bool_:
                out_ += value.get_bool() ? "true" : "false";
                return;
            case json::kind::int64:
                out_ += std::to_string(value.get_int64());
                return;
            case json::kind::uint64:
                out_ += std::to_string(value.get_uint64());
                return;
            case json::kind::double_:
                append_json_number(out_, value.get_double());
                return;
            case json::kind::string:
                append_json_string(out_, value.get_string());
                return;
            case json::kind::array:
                add(value.get_array());
                return;
            case json::kind::object:
                add(value.get_object());
                return;
        }
    }

    void add(const json::array& array) {
        out_ += '[';
        for (const json::value& element : array) {
            add(element);
            out_ += ',';
        }
        close(']');
    }

    void add(const json::object& object) {
        out_ += '{';
        if (order_ == KeyOrder::given) {
            for (const auto& member : object)
                add(member);
        } else {
            std::vector<const json::key_value_pair*> members;
            members.reserve(object.size());
            for (const auto& member : object)
                members.push_back(&member);
            std::sort(members.begin(), members.end(),
                      [](const auto* a, const auto* b) { return utf16_less(a->key(), b->key()); });
            for (const auto* member : members)
                add(*member);
        }
        close('}');
    }

    std::string take() { return std::move(out_); }

private:
    void add(const json::key_value_pair& member) {
        append_json_string(out_, member.key());
        out_ += ':';
        add(member.value());
        out_ += ',';
    }

    /// In place of the comma after the last element, if there is one.
    void close(char bracket) {
        if (out_.back() == ',') out_.pop_back();
        out_ += bracket;
    }

    KeyOrder order_;
    std::string out_;
};

std::string serialized(const auto& value, KeyOrder order) {
    Serializer serializer(order);
    serializer.add(value);
    return serializer.take();
}

}  // namespace

std::string canonical_json(const json::value& value) {
    return serialized(value, KeyOrder::sorted);
}

std::string canonical_json(const json::object& object) {
    return serialized(object, KeyOrder::sorted);
}

std::string compact_json(const json::value& value) {
    return serialized(value, KeyOrder::given);
}

std::string compact_json(const json::object& object) {
    return serialized(object, KeyOrder::given);
}

}  // namespace genspool::proto
