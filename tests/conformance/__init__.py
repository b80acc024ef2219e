"""RFC 6455 and RFC 7692, case by case, against the product's own way in."""
