//! Functions of JMESPath that give what Python's package gives: whole numbers from whole numbers, ASCII from
//! `to_string`.

use jpx_core::Runtime;
use jpx_core::arg;
use jpx_core::functions::ArgumentType;
use jpx_core::functions::CustomFunction;
use jpx_core::functions::Signature;
use serde_json::Number;
use serde_json::Value;

use crate::render::json;

/// The functions of the specification.
pub(super) fn runtime() -> Runtime {
    let mut runtime = Runtime::new();
    runtime.register_builtin_functions();
    let mut replace = |name: &str, takes: ArgumentType, function: fn(&Value) -> Value| {
        let signature = Signature::new(vec![takes], None);
        // The signature has made sure that there is an argument, and of which type.
        let call = move |args: &[Value], _: &mut jpx_core::Context<'_>| Ok(args.first().map_or(Value::Null, function));
        runtime.register_function(name, Box::new(CustomFunction::new(signature, Box::new(call))));
    };
    replace("abs", arg!(number), abs);
    replace("ceil", arg!(number), |value| rounded(value, f64::ceil));
    replace("floor", arg!(number), |value| rounded(value, f64::floor));
    replace("sum", arg!(array_number), sum);
    let not_an_expression = arg!(null | string | bool | number | object | array);
    replace("to_string", not_an_expression, to_string);
    runtime
}

fn abs(value: &Value) -> Value {
    match value.as_i64() {
        Some(whole) => whole.unsigned_abs().into(),
        None if value.is_u64() => value.clone(),
        None => value.as_f64().map(f64::abs).map_or(Value::Null, float),
    }
}

fn rounded(value: &Value, round: fn(f64) -> f64) -> Value {
    match value.as_f64() {
        Some(number) if value.is_f64() => {
            let number = round(number);
            whole(number).unwrap_or_else(|| float(number))
        }
        _ => value.clone(),
    }
}

fn sum(value: &Value) -> Value {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let exact = items
        .iter()
        .try_fold(0_i64, |sum, item| sum.checked_add(item.as_i64()?));
    exact.map_or_else(|| float(items.iter().filter_map(Value::as_f64).sum()), Value::from)
}

fn to_string(value: &Value) -> Value {
    match value {
        Value::String(_) => value.clone(),
        _ => Value::String(json::one_line(value, json::Escapes::Ascii)),
    }
}

/// The number as an integer, where 64 bits hold it.
fn whole(number: f64) -> Option<Value> {
    format!("{number:.0}").parse::<i64>().ok().map(Value::from)
}

fn float(number: f64) -> Value {
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::render::Query;

    #[test]
    fn numbers_are_those_of_python() {
        let value = json!({"n": [3, 1, 2], "f": [1.5, 2], "neg": -5, "big": u64::MAX, "min": i64::MIN});
        for (expression, expected) in [
            ("sum(n)", "6"),
            ("sum(f)", "3.5"),
            ("sum(`[]`)", "0"),
            ("abs(neg)", "5"),
            ("abs(big)", "18446744073709551615"),
            ("abs(min)", "9223372036854775808"),
            ("abs(`-1.5`)", "1.5"),
            ("ceil(f[0])", "2"),
            ("ceil(`-0.5`)", "0"),
            ("floor(f[0])", "1"),
            ("floor(neg)", "-5"),
            ("floor(`1e300`)", "1e+300"),
            ("avg(n)", "2.0"),
            ("to_number('12')", "12"),
        ] {
            let found = Query::parse(expression).unwrap().apply(&value).unwrap();
            assert_eq!(found.to_string(), expected, "{expression}");
        }
    }

    #[test]
    fn to_string_writes_what_python_writes() {
        let value = json!({"a": "é", "b": [1, {"c": "é"}]});
        let find = |query: &str| Query::parse(query).unwrap().apply(&value).unwrap();
        assert_eq!(find("to_string(a)"), json!("é"));
        assert_eq!(find("to_string(b)"), json!(r#"[1,{"c":"\u00e9"}]"#));
        assert_eq!(find("to_string(`null`)"), json!("null"));
    }
}
