# homes
