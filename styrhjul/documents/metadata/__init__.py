"""What a document says about itself: labels with their values, what its prose adds, and the facts made of them."""
