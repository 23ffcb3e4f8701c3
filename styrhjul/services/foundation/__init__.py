"""What every other room stands on, and knows none of them: the installation, its guards, traces, files in and out."""
