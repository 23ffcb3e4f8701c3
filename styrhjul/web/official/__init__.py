"""The pages for officials, one file a page. Each shows a frozen value from one service and calls one service to act."""
